import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { expect } from '../../src/expect/expect.ts'
import { send } from '../../src/http/send.ts'
import { createPromql, type Promql } from '../../src/metrics/promql.ts'
import { createReference } from '../../src/reference.ts'
import type { Reading } from '../../src/wait/reading.ts'
import { endProcess } from './page.ts'

/** A real Prometheus that scrapes every 100 ms. */
export interface PrometheusServer {
  readonly prom: Promql
  /** Changes how often it scrapes, and waits until it has taken that in. */
  scrapeEvery(interval: string): Promise<void>
  stop(): Promise<void>
}

const PROGRAM = process.env['PROMETHEUS_BIN'] ?? 'prometheus'

/** A suite that needs a real Prometheus; one skipped test, which is counted, where there is none on this machine. */
export function describeWithPrometheus(title: string, act: () => void): void {
  if (isInstalled()) describe(title, act)
  else test(title, { skip: `there is no ${PROGRAM} on this machine` })
}

/** Starts one that scrapes these hosts at /metrics, the first as job `app`, the others as `job-2`, … */
export async function startPrometheus(...hosts: readonly string[]): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'promql-test-'))
  const file = join(folder, 'prometheus.json')
  await writeFile(file, createConfig(hosts, '100ms'))
  const flags = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    '--web.listen-address=127.0.0.1:0',
  ]
  const child = spawn(PROGRAM, flags, { stdio: ['ignore', 'ignore', 'pipe'] })
  const port = await announcedPort(child)
  const stop = async () => {
    await endProcess(child)
    await rm(folder, { recursive: true, force: true })
  }
  const url = createReference('prometheus.url', [], () => `http://127.0.0.1:${port}`)
  const scrapeEvery = async (interval: string) => {
    await writeFile(file, createConfig(hosts, interval))
    child.kill('SIGHUP')
    await expect(readIntervals(`${url}`)).toEqual(
      hosts.map(() => interval),
      { within: '60s' },
    )
  }
  return { prom: createPromql(url), scrapeEvery, stop }
}

function createConfig(hosts: readonly string[], interval: string): string {
  const jobs = hosts.map((host, index) => ({
    job_name: index === 0 ? 'app' : `job-${index + 1}`,
    static_configs: [{ targets: [host] }],
  }))
  const global = { scrape_interval: interval, scrape_timeout: '100ms' }
  return JSON.stringify({ global, scrape_configs: jobs })
}

/** The interval of every target: it changes only when the discovery was run again, some seconds after the reload. */
function readIntervals(url: string): Reading<readonly string[]> {
  return {
    describe: 'scrape intervals',
    async read(signal) {
      const answer = await send({ method: 'GET', url: `${url}/api/v1/targets`, headers: {} }, signal)
      return [...answer.text.matchAll(/"scrapeInterval":"([^"]+)"/g)].map(([, interval = '']) => interval)
    },
  }
}

function announcedPort(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stderr === null) throw new Error('no output to read')
    const seen: string[] = []
    const lines = createInterface({ input: child.stderr })
    lines.on('line', (line) => {
      seen.push(line)
      const [, port] = /msg="?Listening on"? address=\S+:(\d+)/.exec(line) ?? []
      if (port !== undefined) resolve(port)
    })
    lines.on('close', () => reject(new Error(`prometheus ended before it listened:\n${seen.join('\n')}`)))
  })
}

function isInstalled(): boolean {
  try {
    execFileSync(PROGRAM, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    // Not found or not runnable: the same for a test that needs it.
    return false
  }
}
