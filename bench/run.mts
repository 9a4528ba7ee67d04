#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../scripts/node" "$0" "$@"'
// Measures, and prints a table: bench/run.mts [--runs N] [--scripts N] [--write] [PART…], a part being one of the names below.
// Ratios are taken within one run, turn by turn, since machines differ and are shared. Judges nothing.
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureLives, measureReadiness } from './lives.ts'
import { measureFull, measureQuick } from './main-job.ts'
import { measureMany } from './many.ts'
import { PROJECT, type Row, tell, withFolder } from './measure.ts'
import { measureFirstScrape } from './prometheus.ts'
import { measureReport } from './report.ts'
import { measureParse, measureTraffic } from './rivals.ts'
import { measureTelemetry } from './telemetry.ts'
import { measureTrivial } from './trivial.ts'

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    scripts: { type: 'string', default: '1000' },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const runs = Number(values.runs)

const PARTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  'main-job': measureMainJob,
  telemetry: () => measureTelemetry(runs),
  readiness: () => measureReadiness(runs),
  lives: () => measureLives(runs),
  trivial: () => measureTrivial(runs * 4),
  many: () => measureMany(runs, Number(values.scripts)),
  parse: () => withFolder(measureParse),
  report: () => withFolder(measureReport),
  traffic: () => withFolder((folder) => measureTraffic(folder, runs)),
}

const rows: Row[] = []
const unknown = positionals.find((name) => !Object.hasOwn(PARTS, name))
if (unknown !== undefined || !(runs >= 1)) {
  tell(`not a part, or not a number of runs; the parts are ${Object.keys(PARTS).join(', ')}`)
  process.exitCode = 2
} else {
  const began = loadavg()[0]
  for (const [name, measure] of Object.entries(PARTS)) {
    if (positionals.length === 0 || positionals.includes(name)) rows.push(...(await measure()))
  }
  const table = showTable(rows, `load average ${began?.toFixed(1)} before, ${loadavg()[0]?.toFixed(1)} after`)
  process.stdout.write(`${table}\n`)
  if (values.write) await writeTable(table)
}

async function measureMainJob(): Promise<readonly Row[]> {
  const { seconds, rows: alone } = await measureFirstScrape(Math.min(runs, 3))
  const quick = await measureQuick(runs, seconds)
  const full = await measureFull(Math.ceil(runs / 3), seconds)
  return [...quick, ...alone, ...full]
}

function showTable(lines: readonly Row[], load: string): string {
  const machine = `${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
  const date = new Date().toISOString().slice(0, 10)
  const body = lines.map(({ what, measured, goal, note }) => `| ${what} | ${measured} | ${goal} | ${note} |`)
  return [
    `${date}, ${machine}, Node ${process.versions.node}, ${load}.`,
    '',
    '| what | measured: median (least–most) | goal on an idle machine | how |',
    '|---|---|---|---|',
    ...body,
  ].join('\n')
}

/** Puts the table where the document has its last one. */
async function writeTable(table: string): Promise<void> {
  const file = join(PROJECT, 'docs/bench.md')
  const text = await readFile(file, 'utf8')
  const [before, after] = text.split(/<!-- table -->[\s\S]*<!-- end of the table -->/)
  if (before === undefined || after === undefined) throw new Error(`${file} has no place for the table`)
  await writeFile(file, `${before}<!-- table -->\n\n${table}\n\n<!-- end of the table -->${after}`)
}
