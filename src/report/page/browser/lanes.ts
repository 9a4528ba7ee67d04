import type { PageClaim, PageLife, PageModel, PagePart } from '../model.ts'
import { describeLooks } from './looks.ts'
import { packRows } from './rows.ts'
import { formatMoment, formatSpan } from './time.ts'

/** Something with a length in a lane. `part` is what a click on it chooses, -1 for nothing. */
export interface Bar {
  readonly from: number
  readonly to: number
  readonly row: number
  /** Classes of the style sheet. */
  readonly look: string
  readonly text: string
  readonly about: readonly string[]
  readonly part: number
  /** When was looked, for waits. */
  readonly looks?: readonly number[]
}

/** Something at one moment in a lane. */
export interface Point {
  readonly time: number
  readonly look: string
  readonly about: readonly string[]
}

/** A row of the timeline: a process, or the chain. */
export interface Lane {
  readonly kind: 'chain' | 'script' | 'service'
  readonly title: string
  readonly script: number
  /** Where its colour is, for services. */
  readonly service?: string | undefined
  readonly rows: number
  readonly bars: readonly Bar[]
  readonly points: readonly Point[]
  /** When requests happened, and how many at once. */
  readonly requests: readonly (readonly [time: number, count: number])[]
}

/** The lanes of a run: what made it as long as it was, then each script with its services below it. */
export function lanesOf(model: PageModel): readonly Lane[] {
  const scripts = model.scripts.flatMap((_, script) => [
    scriptLane(model, script),
    ...serviceLanes(model, script),
  ])
  return model.chain.length === 0 ? scripts : [chainLane(model), ...scripts]
}

function chainLane({ chain }: PageModel): Lane {
  const bars = chain.map(({ kind, what, part, from, to }) => {
    const about = [`${kind}: ${what}`, `${formatSpan(to - from)} of the run were waited for this`]
    return { from, to, row: 0, look: `link link-${kind}`, text: what, about, part }
  })
  return { kind: 'chain', title: 'critical chain', script: -1, rows: 1, bars, points: [], requests: [] }
}

function scriptLane(model: PageModel, script: number): Lane {
  const parts = model.parts.flatMap((part, index) => (part.script === script ? [{ part, index }] : []))
  const rows = packRows(parts.map(({ part }) => ({ from: part.from, to: part.to, least: part.depth })))
  const steps = parts.map(({ part, index }, at) => stepBar(part, index, rows[at] ?? 0))
  const below = Math.max(1, ...rows.map((row) => row + 1))
  const waits = model.claims
    .filter((claim) => claim.script === script && claim.to - claim.from >= 5)
    .map((claim) => waitBar(claim, below))
  const points = model.marks
    .filter((mark) => mark.script === script && mark.service === undefined)
    .map(({ time, kind, text }) => ({ time, look: `mark-${kind}`, about: [text, formatMoment(time)] }))
  const title = model.scripts[script]?.name ?? ''
  return {
    kind: 'script',
    title,
    script,
    rows: below + (waits.length > 0 ? 1 : 0),
    bars: [...steps, ...waits],
    points,
    requests: [],
  }
}

function waitBar(claim: PageClaim, row: number): Bar {
  const { from, to, what, expected, last, outcome, count, part, looks } = claim
  const time = `${formatSpan(to - from)}, ${count} looks, ${outcome}`
  const seen = count > 1 ? [`saw ${describeLooks(claim)}`] : []
  return {
    ...{ from, to, part, row, text: '', look: `wait wait-${outcome.replace(' ', '-')}` },
    looks: looks.map(([at]) => from + at),
    about: [what, `expected ${expected}`, `last ${last}`, ...seen, time],
  }
}

function stepBar(part: PagePart, index: number, row: number) {
  const about = [
    part.title,
    `${part.outcome}, ${formatSpan(part.to - part.from)}`,
    ...(part.at === undefined ? [] : [part.at]),
  ]
  const { from, to, title, outcome, parent } = part
  const look = `part part-${outcome} ${parent < 0 ? 'scenario' : 'step'}`
  return { from, to, row, look, text: title, about, part: index }
}

function serviceLanes(model: PageModel, script: number): readonly Lane[] {
  const lives = model.lives.filter((life) => life.script === script)
  return [...new Set(lives.map(({ service }) => service))].map((service) => ({
    kind: 'service',
    title: service,
    script,
    service,
    rows: 1,
    bars: lives.filter((life) => life.service === service).flatMap(barsOf),
    points: pointsOf(model, script, service),
    requests: requestsOf(model, script, service),
  }))
}

function barsOf(life: PageLife): readonly Bar[] {
  const { service, from, ready, stopping, to, exit, died, about } = life
  const text = [service, ...about, ...(exit === undefined ? [] : [exit])]
  const bar = (look: string, time: readonly [from: number, to: number], what: string): Bar => ({
    ...{ from: time[0], to: time[1], row: 0, look, text: '', part: -1 },
    about: [text[0] ?? '', `${what} ${formatSpan(time[1] - time[0])}`, ...text.slice(1)],
  })
  const up = stopping ?? to
  const bars = [bar('life life-boot', [from, ready ?? up], ready === undefined ? 'never ready' : 'boots')]
  if (ready !== undefined) bars.push(bar(`life life-up${died ? ' life-died' : ''}`, [ready, up], 'up for'))
  if (stopping !== undefined) bars.push(bar('life life-stop', [stopping, to], 'stops'))
  return bars
}

function pointsOf(model: PageModel, script: number, service: string): readonly Point[] {
  const died = model.lives.filter((life) => life.script === script && life.service === service && life.died)
  const marks = model.marks.filter(
    (mark) => mark.script === script && mark.service === service && mark.kind !== 'exit',
  )
  return [
    ...marks.map(({ time, kind, text }) => ({
      time,
      look: `mark-${kind}`,
      about: [text, formatMoment(time)],
    })),
    ...died.map(({ to, exit = '' }) => ({
      time: to,
      look: 'mark-died',
      about: [`${service} ${exit}`, formatMoment(to)],
    })),
  ]
}

function requestsOf(
  model: PageModel,
  script: number,
  service: string,
): readonly (readonly [number, number])[] {
  const isMine = (one: { readonly script: number; readonly service?: string | undefined }) =>
    one.script === script && one.service === service
  const single = model.exchanges.filter(isMine).map(({ from }) => [from, 1] as const)
  const loads = model.loads
    .filter(isMine)
    .flatMap(({ from, series }) => series.map((row) => [from + (row[0] ?? 0), row[1] ?? 0] as const))
  return [...single, ...loads]
}
