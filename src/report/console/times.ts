import { formatDuration } from '../../duration.ts'
import { toOneLine } from '../clean.ts'
import { criticalChain, type Link } from '../critical.ts'
import type { Names } from '../names.ts'
import { type RunResult, type ScriptResult, stepsOf } from '../result.ts'
import { fit } from '../width.ts'
import { list, row } from './row.ts'
import { count, type Style } from './style.ts'

interface Options {
  readonly style: Style
  readonly names: Names
  readonly columns: number
}

interface Interval {
  readonly began: number
  readonly ended: number
}

/** How many links of the chain are worth a line: the longest ones. */
const LINKS_SHOWN = 8

/** How long each script and each part of it took, and the chain that made the run as long as it was. */
export function describeTimes(result: RunResult, options: Options): readonly string[] {
  const scripts = result.scripts.toSorted((one, other) => other.seconds - one.seconds)
  const times = scripts
    .filter((script) => script.scenarios.length > 0)
    .map((script) => describeScript(script, options))
  return [...(times.length === 0 ? [] : row('time', times, options)), ...describeChain(result, options)]
}

/** Milliseconds that at least one of the intervals covers. */
export function unionOf(intervals: readonly Interval[]): number {
  let covered = 0
  let end = Number.NEGATIVE_INFINITY
  for (const { began, ended } of intervals.toSorted((one, other) => one.began - other.began)) {
    covered += Math.max(0, ended - Math.max(began, end))
    end = Math.max(end, ended)
  }
  return covered
}

function describeScript(script: ScriptResult, { names }: Options): string {
  const boots = script.services.flatMap(({ began, ready }) =>
    ready === undefined ? [] : [{ began, ended: ready }],
  )
  const stops = script.services.flatMap(({ stopping, stopped }) =>
    stopping === undefined || stopped === undefined ? [] : [{ began: stopping, ended: stopped }],
  )
  const steps = script.scenarios.flatMap((scenario) =>
    scenario.steps.map(({ began, seconds }) => ({ began, ended: began + seconds * 1000 })),
  )
  const parts = [
    ...describePart('boot', boots),
    ...describePart(count(stepsOf(script.scenarios).length, 'step'), steps),
    ...describePart('teardown', stops),
  ]
  const details = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  return `${names.nameOf(script.file)} ${formatDuration(script.seconds * 1000)}${details}`
}

function describePart(name: string, intervals: readonly Interval[]): readonly string[] {
  return intervals.length === 0 ? [] : [`${name} ${formatDuration(unionOf(intervals))}`]
}

function describeChain(result: RunResult, options: Options): readonly string[] {
  const chain = criticalChain(result)
  const whole = result.seconds * 1000
  const shown = longest(chain?.links ?? [], whole).map(
    (link) => [lengthOf(link), describeLink(link, options)] as const,
  )
  if (chain === undefined || shown.length === 0) return []
  const rest = whole - shown.reduce((sum, [length]) => sum + length, 0)
  const all = isWorthALine(rest, whole) ? [...shown, [rest, 'the rest'] as const] : shown
  const lines = all.map(([length, text]) => {
    const share = `${Math.round((length / whole) * 100)}`
    return `${formatDuration(length).padStart(6)}  ${share.padStart(3)} %  ${text}`
  })
  const name = options.names.all.length < 2 ? '' : ` in ${options.names.nameOf(chain.script)}`
  return [
    ...row('critical', [`the chain${name} that made the run take ${formatDuration(whole)}:`], options),
    ...list(lines),
  ]
}

/** The longest links, still in their order. */
function longest(links: readonly Link[], whole: number): readonly Link[] {
  const named = links.filter((link) => link.kind !== 'between' && isWorthALine(lengthOf(link), whole))
  const kept = new Set(named.toSorted((one, other) => lengthOf(other) - lengthOf(one)).slice(0, LINKS_SHOWN))
  return links.filter((link) => kept.has(link))
}

/** Less than a hundredth of the run is not what made it long. */
function isWorthALine(length: number, whole: number): boolean {
  return length >= Math.max(1, whole / 100)
}

function describeLink(link: Link, { columns, style }: Options): string {
  const inside = link.step === undefined ? '' : `${toOneLine(link.step)} ${style.signs.path} `
  return fit(
    `${inside}${WORDS[link.kind]}${toOneLine(link.what)}`,
    Math.max(20, columns - 30),
    style.signs.cut,
  )
}

const WORDS: Readonly<Record<Link['kind'], string>> = {
  boot: 'boot of ',
  step: '',
  wait: 'wait for ',
  load: 'load on ',
  command: '$ ',
  teardown: 'stop of ',
  between: '',
}

function lengthOf(link: Link): number {
  return link.ended - link.began
}
