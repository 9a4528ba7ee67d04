import { toError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { show } from '../show.ts'
import { pause } from './pause.ts'

/** What one look found: the wait is over, goes on, or can never be met. */
export type Verdict =
  | { readonly met: true }
  | { readonly met: false; readonly hint?: string | undefined; readonly final?: boolean | undefined }

/** One look, kept for the story of the wait. `at` is in milliseconds since the wait began. */
export interface Look {
  readonly at: number
  readonly saw: string
  readonly failed: boolean
}

/** How a wait ended and everything it saw. */
export interface Waited<T> {
  readonly ended: 'met' | 'deadline' | 'final' | 'once' | 'aborted'
  /** The last value that could be read. */
  readonly value: T | undefined
  /** The error of the last look, where it had one; the abort's reason where it was aborted. */
  readonly error: Error | undefined
  readonly hint: string | undefined
  readonly looks: readonly Look[]
  /** How often was looked; `looks` keeps at most the first and last 100. */
  readonly count: number
  readonly milliseconds: number
}

/** How a fact is waited for. */
export interface PollOptions<T> {
  /** What is waited for, as it is told every second. */
  readonly what: string
  /** Milliseconds after which the wait fails. */
  readonly within: number
  readonly judge: (value: T) => Verdict | Promise<Verdict>
  /** A value in the list of looks. */
  readonly show?: ((value: T) => string) | undefined
  /** Milliseconds for which the verdict must stay met before the wait is over. */
  readonly holding?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Looks only once: looking does something that must not be done again. */
  readonly once?: boolean | undefined
  /** True when no later look can be met: then the wait is over after this one. */
  readonly isHopeless?: (() => boolean) | undefined
}

const SHORTEST_PAUSE = 10
const LONGEST_PAUSE = 250
/** A live display shows it; lines are printed more rarely. */
const PROGRESS_EVERY = 1000
/** A look that is under way at the deadline is the only one there was: let it finish. */
const FIRST_LOOK_GRACE = 5000
/** A look that had this long, in milliseconds, and no answer, is one that tells something. */
const TELLING_PATIENCE = 1000
const LOOKS_KEPT = 100

/**
 * The one polling loop: looks at once, then after 3 % of the time waited (10 to 250 ms), until the verdict is met, can
 * never be, time is up or the signal aborts. Never rejects for what `read` throws, but for a UsageError.
 */
export async function poll<T>(
  read: (signal: AbortSignal) => Promise<T>,
  options: PollOptions<T>,
): Promise<Waited<T>> {
  const wait = createWait(options)
  for (;;) {
    await look(wait, read)
    const ended = endOf(wait)
    if (ended !== undefined) return finish(wait, ended)
    tellProgress(wait)
    try {
      await pause(pauseAfter(wait), options.signal)
    } catch (error) {
      wait.error = toError(error)
      return finish(wait, 'aborted')
    }
  }
}

interface Wait<T> {
  readonly options: PollOptions<T>
  readonly began: number
  readonly first: Look[]
  readonly last: Look[]
  count: number
  value: T | undefined
  error: Error | undefined
  verdict: Verdict
  metSince: number | undefined
  told: number
}

function createWait<T>(options: PollOptions<T>): Wait<T> {
  const began = performance.now()
  const verdict: Verdict = { met: false }
  return {
    options,
    began,
    first: [],
    last: [],
    count: 0,
    value: undefined,
    error: undefined,
    verdict,
    metSince: undefined,
    told: began,
  }
}

async function look<T>(wait: Wait<T>, read: (signal: AbortSignal) => Promise<T>): Promise<void> {
  const { options } = wait
  const left = Math.max(options.within - elapsed(wait), 0)
  const patience = wait.count === 0 ? Math.max(left, FIRST_LOOK_GRACE) : Math.max(left, LONGEST_PAUSE)
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(new Error('no answer before the deadline')), patience)
  const signal = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal
  try {
    const value = await raceAbort(read(signal), signal)
    wait.verdict = await raceAbort(Promise.resolve(options.judge(value)), signal)
    wait.value = value
    wait.error = undefined
    note(wait, options.show?.(value) ?? show(value), false)
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown
    // Cut off by the deadline, soon after it began: that says nothing about what is looked at.
    if (over.signal.aborted && patience < TELLING_PATIENCE && wait.value !== undefined) return
    wait.error = toError(thrown)
    wait.verdict = { met: false }
    note(wait, wait.error.message.split('\n', 1)[0] ?? '', true)
  } finally {
    clearTimeout(timer)
  }
  if (!wait.verdict.met) wait.metSince = undefined
  else wait.metSince ??= performance.now()
}

function endOf<T>(wait: Wait<T>): Waited<T>['ended'] | undefined {
  const { verdict, options } = wait
  if (options.signal?.aborted === true) {
    wait.error = toError(options.signal.reason)
    return 'aborted'
  }
  if (wait.metSince !== undefined) {
    return performance.now() - wait.metSince >= (options.holding ?? 0) ? 'met' : undefined
  }
  if (!verdict.met && (verdict.final === true || options.isHopeless?.() === true)) return 'final'
  if (options.once === true) return 'once'
  return elapsed(wait) >= options.within ? 'deadline' : undefined
}

function finish<T>(wait: Wait<T>, ended: Waited<T>['ended']): Waited<T> {
  const hint = wait.verdict.met ? undefined : wait.verdict.hint
  const { value, error, count } = wait
  const looks = [...wait.first, ...wait.last]
  return { ended, value, error, hint, looks, count, milliseconds: elapsed(wait) }
}

function pauseAfter<T>(wait: Wait<T>): number {
  const pace = Math.min(Math.max(elapsed(wait) * 0.03, SHORTEST_PAUSE), LONGEST_PAUSE)
  const { metSince, options } = wait
  if (metSince !== undefined) {
    return Math.max(Math.min(pace, (options.holding ?? 0) - (performance.now() - metSince)), 1)
  }
  return Math.max(Math.min(pace, options.within - elapsed(wait)), 1)
}

function note<T>(wait: Wait<T>, saw: string, failed: boolean): void {
  wait.count += 1
  const kept = wait.first.length < LOOKS_KEPT ? wait.first : wait.last
  kept.push({ at: elapsed(wait), saw, failed })
  if (kept.length > LOOKS_KEPT) kept.shift()
}

function tellProgress<T>(wait: Wait<T>): void {
  if (performance.now() - wait.told < PROGRESS_EVERY) return
  wait.told = performance.now()
  const last = (wait.last.at(-1) ?? wait.first.at(-1))?.saw ?? 'nothing yet'
  const { what, within } = wait.options
  emit({ kind: 'wait:progress', what, milliseconds: elapsed(wait), last, within })
}

function elapsed<T>(wait: Wait<T>): number {
  return performance.now() - wait.began
}

/** Settles as `work` does, or rejects with the signal's reason: a read that ignores its signal cannot hold the wait. */
export function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(toError(signal.reason))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
