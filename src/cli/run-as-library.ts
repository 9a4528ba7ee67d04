import { setMaxListeners } from 'node:events'
import { ShakedownError, UsageError } from '../error.ts'
import { type ErrorRecord, type Event, listen, type Outcome } from '../event.ts'
import { type ModeName, modeNamed } from '../mode.ts'
import { didYouMean } from '../nearest.ts'
import { EXIT } from '../run/exit.ts'
import { placesIn } from '../run/results.ts'
import { runScripts } from '../run/runner.ts'
import { checkOptions } from '../scenario/options.ts'
import { readTags, WISH } from '../scenario/selection.ts'
import { findScripts } from './find-scripts.ts'
import { openSession, type Session } from './session.ts'

/** Hears everything that happens in a run, in the order in which it happens. One that throws fails the run. */
export type EventReporter = (event: Event) => void

/** What is run, and how. */
export interface RunOptions {
  /** Scripts, folders and patterns, as `shakedown run` takes them. */
  readonly files: readonly string[]
  /** full where it is not given. */
  readonly mode?: ModeName
  /** Who tells the run; nobody writes to the screen. */
  readonly reporters?: readonly EventReporter[]
  /** Ends the run: every script stops in order. */
  readonly signal?: AbortSignal
  /** So many scripts at a time; all where it is not given. */
  readonly workers?: number
  /** Only scenarios with these tags: `p0 and not slow`. */
  readonly tag?: string
  /** Where the folder of results is made; `results` where it is not given. */
  readonly results?: string
}

/** A scenario that was told, as it ended. */
export interface RanScenario {
  readonly script: string
  readonly title: string
  readonly outcome: Outcome
  readonly seconds: number
  readonly error: ErrorRecord | undefined
}

/** What a run came to. */
export interface Ran {
  /** The exit code that `shakedown run` would have had. */
  readonly exit: number
  readonly passed: boolean
  /** Everything that went wrong, in words, the weightiest first. */
  readonly causes: readonly string[]
  readonly scenarios: readonly RanScenario[]
  /** The folder with its log and reports. */
  readonly results: string
}

const OPTIONS = ['files', 'mode', 'reporters', 'signal', 'workers', 'tag', 'results'] as const
let isRunning = false

/**
 * Runs scripts as `shakedown run` does, each in its own process, and gives what came of it; whatever fails in them is in
 * the answer. One run at a time in a process. Rejects for options that make no sense, and where there is no room for results.
 */
export async function run(options: RunOptions): Promise<Ran> {
  checkOptions('run', options, OPTIONS)
  if (isRunning) throw new UsageError('one run is under way in this process', { hint: 'await it first' })
  const scripts = findScripts(options.files)
  if (options.tag !== undefined) readTags(options.tag)
  isRunning = true
  try {
    return await runAll(scripts, options)
  } finally {
    isRunning = false
  }
}

async function runAll(scripts: readonly string[], options: RunOptions): Promise<Ran> {
  const { mode = 'full', reporters = [], workers = scripts.length, tag, results, signal } = options
  const known = collect()
  const forget = listen(known.hear)
  const session = openSession({
    scripts,
    results,
    verbose: false,
    mode: modeNamed(mode),
    told: {
      hear: (event) => {
        for (const tell of reporters) tell(event)
      },
      finish: async () => {},
    },
  })
  const over = new AbortController()
  setMaxListeners(0, over.signal)
  const stop = () => {
    session.add('interrupted', 'the signal of the run was aborted')
    over.abort(new ShakedownError('interrupted', 'the signal of the run was aborted'))
  }
  if (signal?.aborted === true) stop()
  signal?.addEventListener('abort', stop, { once: true })
  const env = {
    SHAKEDOWN_MODE: mode,
    ...(tag === undefined ? {} : { [WISH.tag]: tag }),
    ...placesIn(session.folder),
  }
  await runScripts(scripts, { env, parallel: workers, signal: over.signal })
  signal?.removeEventListener('abort', stop)
  if (tag !== undefined && !over.signal.aborted) refuseUnknownTag(tag, known.tags, session)
  const exit = await session.finish()
  forget()
  return { exit, passed: exit === EXIT.passed, results: session.folder, ...known.result() }
}

function refuseUnknownTag(tag: string, tags: ReadonlySet<string>, session: Session): void {
  const unknown = readTags(tag).names.find((name) => !tags.has(name))
  if (unknown !== undefined)
    session.refuse(new UsageError(`no scenario has the tag ${unknown}`, { hint: didYouMean(unknown, tags) }))
}

function collect() {
  const tags = new Set<string>()
  const scenarios: RanScenario[] = []
  let causes: readonly string[] = []
  return {
    tags,
    hear(event: Event): void {
      if (event.kind === 'scenario:seen') for (const tag of event.tags) tags.add(tag)
      if (event.kind === 'run:end') causes = event.causes
      if (event.kind !== 'scenario:end' || event.retried === true) return
      const { script, title, outcome, seconds, error } = event
      scenarios.push({ script, title, outcome, seconds, error })
    },
    result: () => ({ scenarios, causes }),
  }
}
