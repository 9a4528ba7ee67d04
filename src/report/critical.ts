import type { Part, RunResult, ScenarioResult, ScriptResult, ServiceResult } from './result.ts'

/** One link of the chain that made a run as long as it was. */
export interface Link {
  /** `between` is time that nothing is known about. */
  readonly kind: 'boot' | 'step' | 'wait' | 'load' | 'command' | 'teardown' | 'between'
  readonly what: string
  /** The title of the outermost step in which it was. */
  readonly step?: string | undefined
  /** Milliseconds since 1970. */
  readonly began: number
  readonly ended: number
}

/** The chain, and the script whose chain it is. */
export interface CriticalChain {
  readonly script: string
  readonly links: readonly Link[]
}

interface Span extends Link {
  /** What happened inside of it. */
  readonly inner: readonly Span[]
}

/**
 * Walks back from the end of the run: at each point to what ended last before it, and into that. What is found is what
 * would have to be faster for the run to be faster. Undefined for a run without scripts.
 */
export function criticalChain(result: RunResult): CriticalChain | undefined {
  const last = result.scripts.toSorted((one, other) => endOf(other) - endOf(one))[0]
  if (last === undefined) return undefined
  const end = result.began + result.seconds * 1000
  const whole: Span = {
    kind: 'between',
    what: 'the script itself',
    began: result.began,
    ended: end,
    inner: spansOf(last),
  }
  return { script: last.file, links: join(walk(whole, whole)) }
}

function endOf(script: ScriptResult): number {
  return script.began + script.seconds * 1000
}

function spansOf(script: ScriptResult): readonly Span[] {
  return script.scenarios.map((scenario) => ({
    kind: 'between',
    what: `${scenario.title}: between its steps`,
    ...timeOf(scenario),
    inner: [...spansIn(scenario), ...bootsOf(script, scenario), ...stopsOf(script, scenario)],
  }))
}

function timeOf(part: Part): Pick<Span, 'began' | 'ended'> {
  return { began: part.began, ended: part.began + part.seconds * 1000 }
}

function spansIn(part: Part, step?: string): readonly Span[] {
  const activities = part.activities.map((activity) => ({ ...activity, step, inner: [] }))
  return [...part.steps.map((inner) => spanOf(inner, step ?? inner.title)), ...activities]
}

function spanOf(part: Part, step: string): Span {
  return { kind: 'step', what: part.title, step, ...timeOf(part), inner: spansIn(part, step) }
}

function bootsOf(script: ScriptResult, scenario: ScenarioResult): readonly Span[] {
  return lives(script, scenario).flatMap(({ service, began, ready }) =>
    ready === undefined ? [] : [{ kind: 'boot', what: service, began, ended: ready, inner: [] }],
  )
}

function stopsOf(script: ScriptResult, scenario: ScenarioResult): readonly Span[] {
  return lives(script, scenario).flatMap(({ service, stopping, stopped }) =>
    stopping === undefined || stopped === undefined
      ? []
      : [{ kind: 'teardown', what: service, began: stopping, ended: stopped, inner: [] }],
  )
}

function lives(script: ScriptResult, scenario: ScenarioResult): readonly ServiceResult[] {
  return script.services.filter((life) => life.scenario === scenario.id)
}

/** The links of a span between two times, the first one first. */
function walk(span: Span, window: Pick<Span, 'began' | 'ended'>): readonly Link[] {
  const links: Link[] = []
  let end = Math.min(span.ended, window.ended)
  const begin = Math.max(span.began, window.began)
  while (end > begin) {
    const next = lastBefore(span.inner, begin, end)
    if (next === undefined) break
    const ended = Math.min(next.ended, end)
    if (ended < end) links.unshift(own(span, ended, end))
    const began = Math.max(next.began, begin)
    links.unshift(...walk(next, { began, ended }))
    end = began
  }
  if (end > begin) links.unshift(own(span, begin, end))
  return links
}

function own({ kind, what, step }: Span, began: number, ended: number): Link {
  return { kind, what, step, began, ended }
}

/** What was under way at the end, the one that began first; else what ended last before it. */
function lastBefore(spans: readonly Span[], begin: number, end: number): Span | undefined {
  let best: Span | undefined
  for (const span of spans) {
    if (span.began >= end || span.ended <= begin || span.ended <= span.began) continue
    if (best === undefined || isLater(span, best, end)) best = span
  }
  return best
}

function isLater(span: Span, best: Span, end: number): boolean {
  const [one, other] = [Math.min(span.ended, end), Math.min(best.ended, end)]
  return one === other ? span.began < best.began : one > other
}

/** Neighbours that are one thing become one link. */
function join(links: readonly Link[]): readonly Link[] {
  const joined: Link[] = []
  for (const link of links) {
    const last = joined.at(-1)
    if (last !== undefined && last.kind === link.kind && last.what === link.what && last.step === link.step) {
      joined[joined.length - 1] = { ...last, ended: link.ended }
    } else joined.push(link)
  }
  return joined
}
