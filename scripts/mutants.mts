#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Runs the main job against the system under test with one thing wrong in it, and says what noticed. See --help.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Given } from '../src/cli/flags.ts'
import { UsageError } from '../src/error.ts'
import { onInterrupt } from '../src/interrupt.ts'
import { driverNamed } from '../src/service/chosen.ts'
import { keepSeenRed, type SeenRed } from './contract/seen-red.ts'
import { readNumber, runMain } from './main.ts'
import type { Fault } from './mutants/fault.ts'
import { FAULTS, FEW } from './mutants/faults.ts'
import { describeFault } from './mutants/injection.ts'
import { mergeTable } from './mutants/page.ts'
import { type Controls, proveFault } from './mutants/prove.ts'
import { countVerdicts, showVerdict, writeTable } from './mutants/table.ts'
import { runVariant, type VariantOptions, type Verdict } from './mutants/variant.ts'

const RESULTS = join(import.meta.dirname, '../results')
const PAGE = join(import.meta.dirname, '../docs/mutants.md')

await runMain(
  {
    usage: 'scripts/mutants.mts [flags]',
    about:
      'Runs the main job against the system under test with one thing wrong in it, fault by fault, and says what noticed.',
    flags: {
      mode: { value: 'MODE', about: 'quick or full (quick)' },
      only: { value: 'NAMES', about: 'faults with one of these in their name, joined with commas' },
      few: { about: 'only the ten that CI tries' },
      jobs: { value: 'N', about: 'so many at a time (2)' },
      scenario: { value: 'TITLE', about: 'only a part of the main job' },
      whole: { about: 'go on after the first failure: what else notices?' },
      list: { about: 'the faults that there are, and what a user sees of each' },
      driver: { value: 'NAME', about: 'process, or docker: the faults that get into an image (process)' },
      write: { about: 'put what was found into the table of docs/mutants.md' },
      prove: { about: 'look, without any test, whether each fault does anything' },
    },
  },
  main,
)

async function main(given: Given): Promise<number> {
  const { list, prove, faults, jobs, ...how } = readArguments(given)
  if (list) {
    for (const fault of faults)
      say(`${fault.group.padEnd(18)} ${fault.name.padEnd(42)} ${describeFault(fault)}`)
    return 0
  }
  return prove ? proveAll(faults, jobs) : tryAll(faults, { jobs, ...how })
}

/** Says of each fault what it changes; a fault that changes nothing is a defect of the fault. */
async function proveAll(faults: readonly Fault[], jobs: number): Promise<number> {
  const controls: Controls = new Map()
  const idle: string[] = []
  await inParallel(faults, jobs, async (fault) => {
    const { name, differences, seconds } = await proveFault(fault, controls)
    if (differences.length === 0) idle.push(name)
    say(`${differences.length === 0 ? '✗' : '✓'} ${name.padEnd(42)} ${seconds.toFixed(1)}s`)
    for (const difference of differences) say(`    ${difference}`)
  })
  say(`\n${faults.length - idle.length} of ${faults.length} faults can be seen ${idle.join(' ')}`)
  return idle.length === 0 ? 0 : 1
}

/** Runs the main job with each fault, after once without; leaves the verdicts as JSON and as a table. */
async function tryAll(
  faults: readonly Fault[],
  {
    jobs,
    write,
    ...how
  }: Pick<VariantOptions, 'mode' | 'whole' | 'scenario' | 'driver'> & {
    readonly jobs: number
    readonly write: boolean
  },
): Promise<number> {
  const controller = new AbortController()
  const forget = onInterrupt(async () => controller.abort())
  const name = `mutants-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-${how.mode}`
  const folder = join(RESULTS, name)
  mkdirSync(folder, { recursive: true })
  const verdicts: Verdict[] = []
  await inParallel([undefined, ...faults], jobs, async (fault) => {
    if (controller.signal.aborted) return
    const own = join(folder, fault?.name ?? 'no_fault')
    const verdict = await runVariant(fault, { ...how, folder: own, signal: controller.signal })
    if (controller.signal.aborted) return
    say(showVerdict(verdict))
    verdicts.push(verdict)
    // Each time: whoever interrupts this after half an hour keeps what was found.
    writeFileSync(`${folder}.json`, `${JSON.stringify(verdicts, null, 2)}\n`)
    writeFileSync(`${folder}.md`, writeTable(verdicts, faults))
  })
  forget()
  if (write)
    writeFileSync(PAGE, mergeTable(readFileSync(PAGE, 'utf8'), verdicts, { faults: FAULTS, mode: how.mode }))
  keepSeenRed(redsOf(verdicts))
  say(`\n${countVerdicts(verdicts)}; ${folder}.json and .md`)
  const isGood = verdicts.every(({ verdict }) => verdict === 'caught' || verdict === 'green')
  return isGood && !controller.signal.aborted ? 0 : 1
}

/** What was seen broken: `make contract` takes no other row for proven. */
function redsOf(verdicts: readonly Verdict[]): readonly SeenRed[] {
  return verdicts.flatMap(({ name, verdict, failure }) =>
    verdict === 'caught' && failure !== undefined
      ? failure.proves.map((id) => ({ id, how: `fault ${name}`, by: failure.where }))
      : [],
  )
}

async function inParallel<T>(
  items: readonly T[],
  jobs: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()]
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await act(next[1])
  }
  await Promise.all(Array.from({ length: jobs }, work))
}

function readArguments(given: Given) {
  const mode = given.value('mode') ?? 'quick'
  if (mode !== 'quick' && mode !== 'full')
    throw new UsageError(`unknown mode: ${mode}`, { hint: 'quick or full' })
  const words = (given.value('only') ?? '').split(',').filter((word) => word !== '')
  const unknown = words.filter((word) => !FAULTS.some(({ name }) => name.includes(word)))
  if (unknown.length > 0)
    throw new UsageError(`no fault has ${unknown.join(', ')} in its name`, { hint: 'see --list' })
  const driver = driverNamed(given.value('driver') ?? 'process')
  if (driver !== 'process' && given.has('write'))
    throw new UsageError(`--write with --driver ${driver}`, {
      hint: 'the table of docs/mutants.md is of local processes',
    })
  const faults = FAULTS.filter(({ name, way }) => {
    // Faults of Redis and Prometheus are programs of this machine in their place.
    if (driver !== 'process' && way !== 'exporter' && way !== 'variable') return false
    if (given.has('few') && !FEW.includes(name)) return false
    return words.length === 0 || words.some((word) => name.includes(word))
  })
  return {
    mode,
    faults,
    driver,
    jobs: readNumber(given, 'jobs', 2),
    scenario: given.value('scenario') ?? '',
    whole: given.has('whole'),
    list: given.has('list'),
    prove: given.has('prove'),
    write: given.has('write'),
  } as const
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
