import { type EventOf, emit, listen } from '../event.ts'
import type { DoubtRecord } from '../event-doubt.ts'
import { show } from '../show.ts'
import { hearWith, type Looked, type Scope } from './hearing.ts'
import type { Known, Lie, Outcome } from './lie.ts'
import { liesAbout } from './lies.ts'
import { watchParts } from './parts.ts'
import { keyOf, type Place } from './place.ts'

/** Something that was read for no claim, until its scenario ends. */
interface Read {
  readonly place: Place
  readonly looked: Looked
  readonly parts: Set<string>
}

const IN_PARTS: readonly string[] = ['answer', 'output', 'load']
/** A claim that a loop makes again in its step is the same check. */
const recorded = new Set<string>()
const reads = new Map<string, Read>()

/** Tells every reading that a claim consumes, and what was read for none, as events; nothing is falsified. */
export function recordReadings(): void {
  hearWith({
    looked: (_, __, truth) => truth,
    read: noteRead,
    end: recordClaim,
    isHopeless: () => false,
  })
  listen((event) => {
    if (event.kind === 'scenario:end') recordReads(event.title)
  })
}

function recordClaim(scope: Scope, claim: EventOf<'claim'>): void {
  const { place, trusted, looks, began } = scope
  if (place === undefined) return
  const { what, matcher, expected, last } = claim
  const common = { place, what, matcher, expected, trusted, milliseconds: performance.now() - began }
  const sources = [...looks.values()].filter(({ isMade }) => !isMade)
  for (const looked of sources) {
    const name = looked.kind === 'deadlines' ? `keys ${what}` : looked.name
    const lies = liesOf(looked, matcher)
    tellOnce({ ...common, reading: name, of: looked.kind, isRead: false, seen: last, lies: lies.map(nameOf) })
  }
  if (sources.length > 0) return
  tellOnce({ ...common, reading: '', of: 'value', isRead: false, seen: last, lies: [] })
}

function noteRead(place: Place, looked: Looked, truth: Outcome): Outcome {
  const key = JSON.stringify([keyOf(place), looked.kind, looked.name])
  const known = reads.get(key)
  const parts = known?.parts ?? new Set<string>()
  if (known === undefined) reads.set(key, { place, looked, parts })
  if ('error' in truth || !IN_PARTS.includes(looked.kind)) return truth
  return { value: watchParts(truth.value, (part) => parts.add(part)) }
}

/** Told at the end: until then a part of it may be looked at. */
function recordReads(story: string): void {
  for (const [key, { place, looked, parts }] of reads) {
    if (place.story !== story) continue
    reads.delete(key)
    const isConsumed = !IN_PARTS.includes(looked.kind) || parts.size > 0
    const lies = liesOf(looked, '').filter(({ part }) => part === undefined || parts.has(part))
    if (!isConsumed || lies.length === 0) continue
    const { kind: of, name: reading, last } = looked
    const seen = last !== undefined && 'value' in last ? show(last.value) : ''
    const about = {
      what: reading,
      matcher: '',
      expected: '',
      reading,
      of,
      isRead: true,
      seen,
      milliseconds: 0,
    }
    if (of === 'load') for (const lie of lies) tellOnce({ ...about, place, lies: [nameOf(lie)] })
    else tellOnce({ ...about, place, lies: lies.map(nameOf) })
  }
}

function liesOf({ kind, first, since, last }: Looked, matcher: string): readonly Lie[] {
  const known: Known = { first, since, matcher }
  return last === undefined ? [] : liesAbout(kind, last, known)
}

function nameOf({ name, words }: Lie): DoubtRecord['lies'][number] {
  return { name, words }
}

function tellOnce(record: DoubtRecord): void {
  const { place, of, reading, isRead, lies } = record
  const key = JSON.stringify([keyOf(place), of, reading, isRead && of === 'load' ? lies[0]?.name : ''])
  if (recorded.has(key)) return
  recorded.add(key)
  emit({ kind: 'doubt:reading', ...record })
}
