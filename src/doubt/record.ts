import { type EventOf, emit, listen } from '../event.ts'
import type { DoubtRecord } from '../event-doubt.ts'
import { show } from '../show.ts'
import { hearWith, type Looked, type Scope } from './hearing.ts'
import type { Known, Lie, Outcome } from './lie.ts'
import { liesAbout } from './lies.ts'
import { isRecord } from './lies-value.ts'
import { watchParts } from './parts.ts'
import { keyOf, nameAlike, type Place } from './place.ts'

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
    if (looked.kind !== 'load') tellRead(place, looked, { lies, traces: tracesOf(looked, [...parts]) })
    // Each part of a load is a reading of its own.
    else
      for (const lie of lies)
        tellRead(place, looked, { lies: [lie], traces: tracesOf(looked, [lie.part ?? '']) })
  }
}

function tellRead(
  place: Place,
  { kind: of, name: reading }: Looked,
  { lies, traces }: { readonly lies: readonly Lie[]; readonly traces: readonly string[] },
): void {
  const claim = { what: reading, matcher: '', expected: '', milliseconds: 0 }
  const seen = traces[0] ?? ''
  tellOnce({ ...claim, place, reading, of, isRead: true, seen, traces, lies: lies.map(nameOf) })
}

function liesOf({ kind, first, since, last }: Looked, matcher: string): readonly Lie[] {
  const known: Known = { first, since, matcher }
  const lies = last === undefined ? [] : liesAbout(kind, last, known)
  // Keys that expired are gone at the last look.
  return lies.length > 0 || first === undefined ? lies : liesAbout(kind, { value: first }, known)
}

/** The texts by which a value is known again where it is claimed: as it is, a part that was looked at, a number made of series. */
function tracesOf({ last }: Looked, parts: readonly string[]): readonly string[] {
  if (last === undefined || 'error' in last) return []
  const { value } = last
  if (!isRecord(value)) return [show(value)]
  if (parts.length > 0) return parts.map((part) => show(Reflect.get(value, part)))
  const { series } = value
  if (!Array.isArray(series)) return [show(value)]
  const values: readonly number[] = series.map(({ value: one }: { value: number }) => one)
  return [values.reduce((sum, one) => sum + one, 0), ...values, values.length].map(show)
}

function nameOf({ name, words }: Lie): DoubtRecord['lies'][number] {
  return { name, words }
}

function tellOnce(record: DoubtRecord): void {
  const { place, of, reading, isRead, lies } = record
  const key = JSON.stringify([
    keyOf(place),
    of,
    nameAlike(reading),
    isRead && of === 'load' ? lies[0]?.name : '',
  ])
  if (recorded.has(key)) return
  recorded.add(key)
  emit({ kind: 'doubt:reading', ...record })
}
