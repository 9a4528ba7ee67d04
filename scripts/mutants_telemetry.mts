#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Runs the telemetry suite against the pipeline with one thing wrong in it, fault by fault, and says what noticed. Exits 1 where
// nothing did. What was seen red is kept for `make contract`: scripts/mutants_telemetry.mts [--only PART-OF-A-NAME] [--jobs N]
import { parseArgs } from 'node:util'
import { FAULTS } from '../fixtures/faults/telemetry/table.ts'
import { keepSeenRed } from './contract/seen-red.ts'
import { type Noticed, runPipeline } from './mutants/telemetry.ts'

/** The quickest first: the next is only asked where this one saw nothing. */
const SCRIPTS = ['process', 'uploads', 'speed', 'delivery']

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, jobs: { type: 'string', default: '2' } },
})
const faults = Object.entries(FAULTS).filter(([name]) => name.includes(values.only))
const waiting = faults.values()
const missed: string[] = []

await control()
await Promise.all(Array.from({ length: Number(values.jobs) }, work))
say(`${faults.length} faults: ${faults.length - missed.length} noticed, ${missed.length} not`)
process.exitCode = missed.length === 0 && faults.length > 0 ? 0 : 1

/** Without a fault nobody must notice anything, or what is noticed later says nothing. */
async function control(): Promise<void> {
  const all = new Map(faults.map(([, { where }]) => [where.join(' '), where]))
  for (const [script, scenario] of all.values()) {
    const noticed = await runPipeline({ fault: '', script, scenario })
    if (noticed !== undefined)
      throw new Error(`${script} is red without a fault: ${noticed.where}: ${noticed.seen}`)
  }
}

async function work(): Promise<void> {
  for (const [name, { where }] of waiting) {
    const began = performance.now()
    const noticed = await notice(name, where)
    if (noticed === undefined) missed.push(name)
    else keepSeenRed(noticed.proves.map((id) => ({ id, how: `fault ${name}`, by: noticed.where })))
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    const word = noticed === undefined ? 'MISSED ' : 'noticed'
    say(`${word} ${name.padEnd(50)} ${seconds.padStart(3)}s  ${noticed?.where ?? ''}`)
  }
}

/** The first claim that failed: of the scenario that should notice, else of any. */
async function notice(fault: string, where: readonly [string, string]): Promise<Noticed | undefined> {
  for (const [script, scenario] of [where, ...SCRIPTS.map((name) => [name, ''] as const)]) {
    const noticed = await runPipeline({ fault, script, scenario })
    if (noticed !== undefined) return noticed
  }
  return undefined
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
