import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { send } from '../../src/http/send.ts'
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts'
import { createReference } from '../../src/reference.ts'
import type { Reading } from '../../src/wait/reading.ts'

/** One answer of the page; `[{ … }, { … }]` are given in turn. */
export interface Told {
  readonly status?: number
  readonly contentType?: string
  readonly text: string
  readonly delay?: number
  readonly cut?: boolean
}

/** A real server whose page of metrics a test writes. */
export interface PageServer extends AsyncDisposable {
  readonly url: string
  readonly host: string
  readonly metrics: Metrics
  /** How often the page was given since it was told last. */
  readonly served: Reading<number>
  tell(...answers: readonly (Told | string)[]): Promise<void>
  stop(): Promise<void>
}

/** Starts the page; `port` is a free one where it is not given. */
export async function startPage(text = '', port = 0): Promise<PageServer> {
  const program = new URL('../../fixtures/programs/metrics_page.mts', import.meta.url).pathname
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const host = `127.0.0.1:${await announcedPort(child)}`
  const url = `http://${host}/metrics`
  const tell = async (...answers: readonly (Told | string)[]) => {
    const body = JSON.stringify(answers.map((one) => (typeof one === 'string' ? { text: one } : one)))
    await send({ method: 'PUT', url: `http://${host}/page`, headers: {}, body })
  }
  const stop = () => endProcess(child)
  const served = {
    describe: 'how often the page was served',
    read: async (signal?: AbortSignal) =>
      Number((await send({ method: 'GET', url: `http://${host}/served`, headers: {} }, signal)).text),
  }
  const metrics = createMetrics(createReference('app.metrics', [], () => url))
  await tell(text)
  return { url, host, metrics, served, tell, stop, [Symbol.asyncDispose]: stop }
}

/** Ends a process that a test started, and waits until it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
}

async function announcedPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('no output to read')
  for await (const line of createInterface({ input: child.stdout })) {
    const [, port] = /listening on (\d+)/.exec(line) ?? []
    if (port !== undefined) return Number(port)
  }
  throw new Error('the page ended before it listened')
}
