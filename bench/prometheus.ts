import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { poll } from '../src/wait/poll.ts'
import { median, type Row, showSpread, tell, withFolder } from './measure.ts'

const PROGRAM = process.env['PROMETHEUS_BIN'] ?? 'prometheus'
const FLAG = '--scrape.discovery-reload-interval=10ms'
const PATIENCE = 60_000

/** Seconds from the start of a Prometheus, without anything of this project around it, to its first scrape. */
export async function measureFirstScrape(runs: number): Promise<{ seconds: number; rows: readonly Row[] }> {
  const version = /version (\S+)/.exec(execFileSync(PROGRAM, ['--version'], { encoding: 'utf8' }))?.[1] ?? '?'
  const times: number[] = []
  for (let run = 0; run < runs; run += 1) {
    times.push(await withFolder(scrapeOnce))
    tell(`first scrape ${run + 1}: ${times.at(-1)?.toFixed(2)} s`)
  }
  const row = {
    what: 'Prometheus alone, start to first scrape',
    measured: showSpread(times, ' s', 2),
    goal: '–',
    note: `Prometheus ${version.split('+')[0]}, every 100 ms; median of ${runs}`,
  }
  return { seconds: median(times), rows: [row] }
}

async function scrapeOnce(folder: string): Promise<number> {
  const file = `${folder}/prometheus.json`
  const began = performance.now()
  const child = spawn(
    PROGRAM,
    [`--config.file=${file}`, `--storage.tsdb.path=${folder}/data`, '--web.listen-address=127.0.0.1:0', FLAG],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: await writeConfig(file, folder) },
  )
  try {
    for await (const line of createInterface({ input: child.stderr })) {
      const port = /msg="?Listening on"? address=\S+:(\d+)/.exec(line)?.[1]
      if (port === undefined) continue
      await waitForScrape(Number(port))
      return (performance.now() - began) / 1000
    }
    throw new Error(`${PROGRAM} ended without listening`)
  } finally {
    child.stderr.destroy()
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit')
  }
}

/** A target that refuses is scraped all the same: `up` is 0 then, and has its first sample. */
async function writeConfig(file: string, folder: string): Promise<string> {
  const global = { scrape_interval: '100ms', scrape_timeout: '100ms' }
  const job = { job_name: 'one', static_configs: [{ targets: ['127.0.0.1:1'] }] }
  await writeFile(file, JSON.stringify({ global, scrape_configs: [job] }))
  return folder
}

async function waitForScrape(port: number): Promise<void> {
  const read = async (signal: AbortSignal) =>
    (await fetch(`http://127.0.0.1:${port}/api/v1/query?query=up`, { signal })).text()
  const what = 'the first scrape'
  const judge = (text: string) => ({ met: text.includes('"value"') })
  const { ended } = await poll(read, { what, within: PATIENCE, judge })
  if (ended !== 'met') throw new Error(`no scrape within ${PATIENCE} ms`)
}
