import { type ChildProcess, spawn } from 'node:child_process'
import { join, parse } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { compiledBefore } from '../compile-cache.ts'
import { ShakedownError } from '../error.ts'
import { type Event, emit, type Outcome, relay } from '../event.ts'
import { interruptedBy } from '../interrupt.ts'
import { settleWithin } from '../wait/settle.ts'
import { causeOf, EXIT, isInterruption } from './exit.ts'
import { hearEvents, hearOutput } from './hear.ts'

/** What the runner hands to the scripts that it starts. */
export interface RunOptions {
  /** Added to the environment of every script. */
  readonly env: Readonly<Record<string, string>>
  readonly parallel: number
  /** Aborts when the run is over before its end: every script is told to stop, and waited for. */
  readonly signal: AbortSignal
  /** What is typed here every script gets: Enter, with `--keep`. */
  readonly input?: Readable | undefined
  /** Arguments for Node itself, before the script. */
  readonly nodeArgs?: readonly string[] | undefined
  /** Starts no further script after one that failed; those that run come to their end. */
  readonly bail?: boolean | undefined
  /** Who hears what they tell, instead of everybody here. */
  readonly tell?: ((event: Event) => void) | undefined
}

/** A script that is over. `scenarios` counts those that it has, whether they were chosen or not. */
export interface ScriptEnd {
  readonly file: string
  readonly code: number | null
  readonly outcome: Outcome
  readonly scenarios: number
}

type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

const EVENTS_FD = 3
/** Ctrl-D: the pipe itself stays open, because its end says that the runner is gone. */
const NO_MORE_INPUT = '\u0004\n'
/** How long a script that was told to stop may take beyond its own teardown. In milliseconds. */
const PATIENCE = 10_000
/** How long a scenario's teardown may take where it does not say. */
const TEARDOWN = 30_000
/** What a script has written arrives at once; somebody whom it left behind may hold the pipe for ever. */
const LAST_WORDS = 1000

/**
 * Runs scripts, each in its own process, so many at a time; their events become events of this process. Gives those that
 * were started.
 */
export async function runScripts(
  scripts: readonly string[],
  options: RunOptions,
): Promise<readonly ScriptEnd[]> {
  const waiting = [...scripts]
  const ends: ScriptEnd[] = []
  const next = () => {
    const isOver = options.bail === true && ends.some(({ outcome }) => outcome === 'failed')
    return isOver || options.signal.aborted ? undefined : waiting.shift()
  }
  const lanes = Array.from({ length: Math.min(options.parallel, scripts.length) }, async () => {
    for (let file = next(); file !== undefined; file = next()) ends.push(await runScript(file, options))
  })
  await Promise.all(lanes)
  return ends
}

async function runScript(file: string, options: RunOptions): Promise<ScriptEnd> {
  const began = performance.now()
  // A group of its own: Ctrl-C reaches the runner alone, which tells each script once. Its stdin ends with the runner.
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), file], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...compiledBefore(),
      ...options.env,
      ...foldersOf(file, options.env),
      SHAKEDOWN_EVENTS_FD: String(EVENTS_FD),
    },
  })
  const tell = options.tell ?? relay
  if (options.tell === undefined) emit({ kind: 'script:start', file, pid: child.pid ?? -1 })
  const seen = { scenarios: 0, teardown: 0 }
  const forget = [passOn(options.input, child.stdin), stopWith(options.signal, { child, seen })]
  const heard = Promise.allSettled([
    hearEvents(child.stdio[EVENTS_FD], (event) => hear(event, { file, seen, tell })),
    hearOutput(child.stdout, { file, name: 'stdout', tell }),
    hearOutput(child.stderr, { file, name: 'stderr', tell }),
  ])
  const { code, signal } = await endOf(child)
  await settleWithin(heard, LAST_WORDS)
  for (const stream of [child.stdout, child.stderr, child.stdio[EVENTS_FD]]) stream?.destroy()
  for (const undo of forget) undo()
  const seconds = (performance.now() - began) / 1000
  const outcome = outcomeOf({ code, signal })
  if (options.tell === undefined) emit({ kind: 'script:end', file, outcome, code, signal, seconds })
  return { file, code, outcome, scenarios: seen.scenarios }
}

/** Scripts that run side by side may have services of one name: each script's logs and evidence have a folder of their own. */
function foldersOf(file: string, env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const folders = ['SHAKEDOWN_LOGS', 'SHAKEDOWN_EVIDENCE'].flatMap((name) => {
    const base = env[name]
    return base === undefined ? [] : [[name, join(base, parse(file).name)]]
  })
  return Object.fromEntries(folders)
}

interface Hearing {
  readonly file: string
  readonly seen: Watched
  readonly tell: (event: Event) => void
}

interface Watched {
  scenarios: number
  /** The longest teardown that its scenarios have asked for. */
  teardown: number
}

function hear(event: Event, { file, seen, tell }: Hearing): void {
  if (event.kind === 'scenario:seen') seen.scenarios += 1
  if (event.kind === 'scenario:start') seen.teardown = Math.max(seen.teardown, event.teardown ?? TEARDOWN)
  tell({ ...event, script: file })
}

function passOn(input: Readable | undefined, stdin: Writable | null): () => void {
  if (stdin === null) return () => {}
  // A script that has ended reads no more; that it has is told by its exit.
  stdin.on('error', () => {})
  const write = (chunk: Uint8Array) => stdin.write(chunk)
  const end = () => stdin.write(NO_MORE_INPUT)
  input?.on('data', write).once('end', end)
  if (input?.readableEnded === true) end()
  return () => {
    input?.off('data', write).off('end', end)
    stdin.destroy()
  }
}

/** Tells a script to stop when the run is over; one that does not end although its time for that is up is killed. */
function stopWith(signal: AbortSignal, { child, seen }: { child: ChildProcess; seen: Watched }): () => void {
  let timer: NodeJS.Timeout | undefined
  const stop = () => {
    // With the signal that the run got itself, so that it says the same of why it ended.
    child.kill(interruptedBy() ?? (isInterrupted(signal.reason) ? 'SIGTERM' : 'SIGALRM'))
    timer = setTimeout(() => child.kill('SIGKILL'), seen.teardown + PATIENCE)
  }
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  return () => {
    signal.removeEventListener('abort', stop)
    clearTimeout(timer)
  }
}

/** Somebody ended the run who is no signal: its time is not up. */
function isInterrupted(reason: unknown): boolean {
  return reason instanceof ShakedownError && reason.code === 'interrupted'
}

async function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ code: 127, signal: null }))
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
}

function outcomeOf({ code, signal }: Ended): Outcome {
  if (signal !== null) return isStop(signal) ? 'interrupted' : 'failed'
  if (code === EXIT.skipped) return 'skipped'
  if (code !== null && isInterruption(code)) return 'interrupted'
  return causeOf(code ?? 1) === undefined ? 'passed' : 'failed'
}

/** A script that was told to stop before it could listen ends by that very signal. */
function isStop(signal: NodeJS.Signals): boolean {
  return signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP' || signal === 'SIGALRM'
}
