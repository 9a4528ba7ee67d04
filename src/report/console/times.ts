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
const LINKS_SHOWN = 10
/** Less than a hundredth of the run is not what made it long. */
const WORTH = 0.01

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
  const shown = longest(groupByStep(chain?.links ?? []), whole)
  if (chain === undefined || shown.length === 0) return []
  const rest = whole - shown.reduce((sum, group) => sum + lengthOf(group), 0)
  const lines = shown.map((group) => [lengthOf(group), describeGroup(group, options)] as const)
  const all = rest >= whole * WORTH ? [...lines, [rest, 'the rest'] as const] : lines
  const name = options.names.all.length < 2 ? '' : ` in ${options.names.nameOf(chain.script)}`
  return [
    ...row('critical', [`the chain${name} that made the run take ${formatDuration(whole)}:`], options),
    ...list(
      all.map(
        ([length, text]) => `${formatDuration(length).padStart(6)}  ${percent(length / whole)}  ${text}`,
      ),
    ),
  ]
}

/** Neighbours that belong to one step. */
type Group = readonly [Link, ...Link[]]

function groupByStep(links: readonly Link[]): readonly Group[] {
  const groups: [Link, ...Link[]][] = []
  for (const link of links) {
    const last = groups.at(-1)
    if (last !== undefined && link.step !== undefined && last[0].step === link.step) last.push(link)
    else groups.push([link])
  }
  return groups
}

/** The longest ones, still in their order. Time of which nothing is known has to be long to be worth a line. */
function longest(groups: readonly Group[], whole: number): readonly Group[] {
  const worth = groups.filter(
    (group) => lengthOf(group) >= whole * (group[0].kind === 'between' ? 5 : 1) * WORTH,
  )
  const kept = new Set(worth.toSorted((one, other) => lengthOf(other) - lengthOf(one)).slice(0, LINKS_SHOWN))
  return groups.filter((group) => kept.has(group))
}

/** The step, and what in it took most of its time. */
function describeGroup(group: Group, { columns, style }: Options): string {
  const [first] = group
  const main = group.find((link) => link.kind !== 'step' && lengthOf([link]) > lengthOf(group) / 2)
  const words = main === undefined ? '' : `${WORDS[main.kind]}${main.what}`
  const parts =
    first.step === undefined
      ? [`${WORDS[first.kind]}${first.what}`]
      : [first.step, ...(words === '' ? [] : [words])]
  return fit(parts.map(toOneLine).join(` ${style.signs.path} `), Math.max(20, columns - 31), style.signs.cut)
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

function percent(share: number): string {
  return `${Math.round(share * 100)} %`.padStart(5)
}

function lengthOf(group: Group): number {
  return group.reduce((sum, { began, ended }) => sum + ended - began, 0)
}
