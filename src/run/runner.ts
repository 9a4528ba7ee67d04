import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { env, execPath } from 'node:process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type Event, emit, type Outcome, relay } from '../event.ts'
import { causeOf, EXIT } from './exit.ts'

/** What the runner hands to the scripts that it starts. */
export interface RunOptions {
  /** Added to the environment of every script. */
  readonly env: Readonly<Record<string, string>>
  readonly parallel: number
  /** Aborts with an Interruption's or the deadline's error: every script is told to stop, and waited for. */
  readonly signal: AbortSignal
}

const EVENTS_FD = 3

/** Runs scripts, each in its own process, so many at a time; their events become events of this process. */
export async function runScripts(scripts: readonly string[], options: RunOptions): Promise<void> {
  const waiting = [...scripts]
  const lanes = Array.from({ length: Math.min(options.parallel, scripts.length) }, async () => {
    for (
      let script = waiting.shift();
      script !== undefined && !options.signal.aborted;
      script = waiting.shift()
    ) {
      await runScript(script, options)
    }
  })
  await Promise.all(lanes)
}

async function runScript(file: string, options: RunOptions): Promise<void> {
  const began = performance.now()
  // A group of its own: Ctrl-C reaches the runner alone, which tells each script once. Its stdin ends with the runner.
  const child = spawn(execPath, [file], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...env, ...options.env, SHAKEDOWN_EVENTS_FD: String(EVENTS_FD) },
  })
  emit({ kind: 'script:start', file, pid: child.pid ?? -1 })
  const tell = () => child.kill('SIGTERM')
  if (options.signal.aborted) tell()
  options.signal.addEventListener('abort', tell, { once: true })
  const ended = endOf(child)
  const heard = Promise.all([
    hearEvents(child, file),
    hearOutput(child.stdout, file, 'stdout'),
    hearOutput(child.stderr, file, 'stderr'),
  ])
  const { code, signal } = await ended
  await heard
  options.signal.removeEventListener('abort', tell)
  emit({
    kind: 'script:end',
    file,
    outcome: outcomeOf(code, signal),
    code,
    signal,
    seconds: (performance.now() - began) / 1000,
  })
}

function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

async function hearEvents(child: ChildProcess, file: string): Promise<void> {
  const stream = child.stdio[EVENTS_FD]
  if (!isReadable(stream)) return
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    // Written by our own code in one piece; a line that is cut was being written when the script was killed.
    if (line.endsWith('}')) relay({ ...(JSON.parse(line) as Event), script: file }) // an event that our own `emit` made
  }
}

async function hearOutput(stream: Readable | null, file: string, name: 'stdout' | 'stderr'): Promise<void> {
  if (stream === null) return
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    relay({ time: Date.now(), script: file, kind: 'log', service: 'script', stream: name, line })
  }
}

function outcomeOf(code: number | null, signal: NodeJS.Signals | null): Outcome {
  if (signal !== null) return signal === 'SIGINT' || signal === 'SIGTERM' ? 'interrupted' : 'failed'
  if (code === EXIT.skipped) return 'skipped'
  if (code === EXIT.passed) return 'passed'
  if (code !== null && code > 128 && code <= 128 + constants.signals.SIGTERM) return 'interrupted'
  return causeOf(code ?? 1) === undefined ? 'passed' : 'failed'
}

function isReadable(stream: unknown): stream is Readable {
  return typeof stream === 'object' && stream !== null && 'on' in stream && 'read' in stream
}
