import type { HistoricTest, HistoryEntry } from './history.ts'

/** What is different from earlier runs of the same scripts in the same mode. */
export interface Changes {
  /** The run before this one; undefined for the first. */
  readonly previous: HistoryEntry | undefined
  /** Earlier runs that can be compared, the oldest first. */
  readonly earlier: readonly HistoryEntry[]
  readonly newFailures: readonly {
    readonly test: string
    readonly now: string
    readonly passedBefore: number
  }[]
  readonly mended: readonly { readonly test: string; readonly before: string }[]
  /** Beyond what is usual between runs: what is slower, then what is faster, the largest difference first. */
  readonly times: readonly TimeChange[]
  /** How long everything took, as a part of what it usually takes: a busy machine makes all steps slower, and none by itself. */
  readonly pace: number
  /** Versions of services, and of the machine's parts. */
  readonly facts: readonly { readonly what: string; readonly before: string; readonly now: string }[]
  readonly newFindings: readonly string[]
  readonly goneFindings: readonly string[]
  /** Kinds of log lines that no earlier run had, by their ids. */
  readonly newPatterns: readonly string[]
}

/** A test or a boot that took longer or shorter than it usually does. Milliseconds. */
export interface TimeChange {
  readonly what: string
  readonly kind: 'step' | 'boot'
  readonly usual: number
  readonly now: number
  /** How many earlier runs say what is usual. */
  readonly runs: number
}

const MOST_RUNS = 20

/** Compares a run with those before it. Pure: what is not in the entries is not known. */
export function compareRuns(now: HistoryEntry, history: readonly HistoryEntry[]): Changes {
  const scripts = scriptsIn(now)
  const earlier = history
    .filter(({ run, mode, began }) => run !== now.run && mode === now.mode && began < now.began)
    .filter((entry) => isSubset(scripts, scriptsIn(entry)))
    .toSorted((one, other) => one.began - other.began)
    .slice(-MOST_RUNS)
  const previous = earlier.at(-1)
  const pace = paceOf(now, earlier)
  if (previous === undefined) return { ...NOTHING, previous, earlier }
  return {
    previous,
    earlier,
    newFailures: Object.entries(now.tests).flatMap(([test, one]) => newFailure(test, one, earlier)),
    mended: Object.entries(now.tests).flatMap(([test, one]) => mended(test, one, earlier)),
    times: timesOf(now, earlier, pace),
    pace,
    facts: [...factsOf(now.versions, previous.versions), ...machineOf(now, previous)],
    newFindings: now.findings.filter((id) => !previous.findings.includes(id)),
    goneFindings: previous.findings.filter((id) => !now.findings.includes(id)),
    newPatterns: patternsOf(now, earlier),
  }
}

const NOTHING = {
  newFailures: [],
  mended: [],
  times: [],
  pace: 1,
  facts: [],
  newFindings: [],
  goneFindings: [],
  newPatterns: [],
} as const

/** What belongs to the run as a whole has no script, and says nothing about which ones there were. */
function scriptsIn({ tests }: HistoryEntry): ReadonlySet<string> {
  const scripts = Object.keys(tests).map((test) => test.slice(0, test.indexOf(': ')))
  return new Set(scripts.filter((script) => script !== ''))
}

function isSubset(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((each) => all.has(each))
}

function newFailure(test: string, { outcome, failure = '' }: HistoricTest, earlier: readonly HistoryEntry[]) {
  const before = earlier.flatMap(({ tests }) => tests[test] ?? [])
  if (outcome !== 'failed' || before.at(-1)?.outcome !== 'passed') return []
  const lastFailure = before.findLastIndex((one) => one.outcome === 'failed')
  return [{ test, now: failure, passedBefore: before.length - 1 - lastFailure }]
}

function mended(test: string, { outcome }: HistoricTest, earlier: readonly HistoryEntry[]) {
  const last = earlier.flatMap(({ tests }) => tests[test] ?? []).at(-1)
  return outcome === 'passed' && last?.outcome === 'failed' ? [{ test, before: last.failure ?? '' }] : []
}

interface Timed {
  readonly what: string
  readonly kind: TimeChange['kind']
  readonly now: number
  readonly before: readonly number[]
}

/** What took time now, with how long it took in earlier runs. */
function timedOf(now: HistoryEntry, earlier: readonly HistoryEntry[]): readonly Timed[] {
  const steps = Object.entries(now.tests).flatMap(([what, { outcome, milliseconds }]) => {
    const passed = earlier.flatMap(({ tests }) => tests[what] ?? []).filter((one) => one.outcome === 'passed')
    const before = passed.map((one) => one.milliseconds)
    return outcome === 'passed' ? [{ what, kind: 'step' as const, now: milliseconds, before }] : []
  })
  const boots = Object.entries(now.boots).map(([what, milliseconds]) => {
    const before = earlier.flatMap((entry) => entry.boots[what] ?? [])
    return { what, kind: 'boot' as const, now: milliseconds, before }
  })
  return [...steps, ...boots].filter(({ before }) => before.length > 0)
}

/** Only what takes a while says how fast the machine was, and only many of them together. */
function paceOf(now: HistoryEntry, earlier: readonly HistoryEntry[]): number {
  const ratios = timedOf(now, earlier).flatMap((one) => {
    const usual = median(one.before)
    return usual >= 50 ? [one.now / usual] : []
  })
  return ratios.length < 8 ? 1 : median(ratios)
}

function timesOf(now: HistoryEntry, earlier: readonly HistoryEntry[], pace: number): readonly TimeChange[] {
  return timedOf(now, earlier)
    .flatMap((timed) => timeChange(timed, pace))
    .toSorted((one, other) => rank(other) - rank(one))
}

/** Any slower one before any faster one. */
function rank({ usual, now }: TimeChange): number {
  return now > usual ? now - usual : (usual - now) * 1e-9
}

/**
 * A time is out of the ordinary when it is further from the middle of the earlier ones than they are from each other, three
 * times over, and by a quarter, and by as much as somebody would notice. With few runs nothing is known of noise: then by
 * half.
 */
function timeChange({ what, kind, now, before }: Timed, pace: number): readonly TimeChange[] {
  const usual = median(before)
  const spread = 1.4826 * median(before.map((one) => Math.abs(one - usual)))
  const noise = before.length < 3 ? Math.max(500, usual * 0.5) : Math.max(250, usual * 0.25, spread * 3)
  // What is slower only because everything is, is not told: it must be out of the ordinary either way.
  if (Math.abs(now - usual) <= noise || Math.abs(now / pace - usual) <= noise) return []
  return [{ what, kind, usual: Math.round(usual), now: Math.round(now), runs: before.length }]
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

type Facts = Readonly<Record<string, string | number>>

/** What both runs say, and not in the same way. */
function factsOf(now: Facts, before: Facts): Changes['facts'] {
  return Object.entries(now).flatMap(([what, value]) => {
    const other = before[what]
    return other === undefined || other === value ? [] : [{ what, before: String(other), now: String(value) }]
  })
}

/** How busy the machine was is different in every run. */
function machineOf(now: HistoryEntry, before: HistoryEntry): Changes['facts'] {
  const { load: _now, ...machine } = now.machine
  return factsOf(machine, before.machine)
}

function patternsOf(now: HistoryEntry, earlier: readonly HistoryEntry[]): readonly string[] {
  const told = earlier.flatMap(({ patterns }) => (patterns === undefined ? [] : [patterns]))
  if (told.length === 0) return []
  const known = new Set(told.flat())
  return (now.patterns ?? []).filter((id) => !known.has(id))
}
