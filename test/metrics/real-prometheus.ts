import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import getPort from 'get-port'
import type { Dialect } from '../../src/metrics/exposition.ts'
import { poll } from '../../src/wait/poll.ts'

const CONTENT_TYPES = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

/** Why there is no Prometheus to ask; false when there is one. */
export const skip =
  spawnSync('prometheus', ['--version']).status === 0 ? (false as const) : 'prometheus is not installed'

export interface Page {
  readonly dialect: Dialect
  readonly text: string
}

/** What a real Prometheus says after scraping each page: the error, or undefined where it took it. */
export async function scrapeWithPrometheus(pages: readonly Page[]): Promise<readonly (string | undefined)[]> {
  await using exporter = await servePages(pages)
  const folder = await mkdtemp(join(tmpdir(), 'prometheus-'))
  const port = await getPort({ host: '127.0.0.1' })
  await writeFile(join(folder, 'prometheus.yml'), writeConfiguration(exporter.port, pages.length))
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]
  const prometheus = spawn('prometheus', args, { stdio: 'ignore' })
  const ended = once(prometheus, 'exit')
  try {
    const waited = await poll(() => readTargets(`http://127.0.0.1:${port}`), {
      what: 'every page was scraped',
      within: 120_000,
      judge: (targets) => ({
        met: targets.length === pages.length && targets.every(({ health }) => health !== 'unknown'),
      }),
    })
    const errors = new Map(waited.value?.map(({ labels, lastError }) => [Number(labels.page), lastError]))
    if (waited.ended !== 'met')
      throw new Error(`Prometheus did not scrape all pages: ${waited.error?.message}`)
    return pages.map((_, index) => errors.get(index) || undefined)
  } finally {
    prometheus.kill('SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
}

interface Target {
  readonly health: 'up' | 'down' | 'unknown'
  readonly lastError: string
  readonly labels: { readonly page: string }
}

async function readTargets(url: string): Promise<readonly Target[]> {
  const answer = await fetch(`${url}/api/v1/targets?state=active`)
  const body: { data: { activeTargets: readonly Target[] } } = JSON.parse(await answer.text())
  return body.data.activeTargets
}

async function servePages(pages: readonly Page[]): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((request, response) => {
    const { dialect, text } = pages[Number(request.url?.slice(1))] ?? { dialect: 'text', text: '' }
    response.setHeader('Content-Type', CONTENT_TYPES[dialect]).end(text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return { port: address.port, [Symbol.asyncDispose]: async () => void server.close().closeAllConnections() }
}

function writeConfiguration(port: number, pages: number): string {
  const targets = Array.from({ length: pages }, (_, page) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { __metrics_path__: `/${page}`, page: String(page) },
  }))
  const job = { job_name: 'pages', scrape_interval: '2s', scrape_timeout: '2s', static_configs: targets }
  return JSON.stringify({ scrape_configs: [job] })
}
