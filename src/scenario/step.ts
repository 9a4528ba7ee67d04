import { callSite } from '../call-site.ts'
import { type Context, currentContext, runInContext } from '../context.ts'
import { type Duration, formatDuration, milliseconds } from '../duration.ts'
import { Failure, ShakedownError, toError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { type ModeName, mode } from '../mode.ts'
import { shorten, show } from '../show.ts'
import { raceAbort } from '../wait/poll.ts'
import { createDebts } from './debts.ts'
import { checkOptions } from './options.ts'
import { recordError } from './record.ts'
import { type Act, outcomeOf } from './scenario.ts'
import { Skip } from './skip.ts'

export interface StepOptions {
  /** The requirements that this step proves: `['GUN-093']`. Such a step must claim something. */
  readonly proves?: readonly string[]
  readonly timeout?: Duration
  /** Only looked at in these modes; in others a counted skip: what needs long waits by nature. */
  readonly modes?: readonly ModeName[]
}

const OPTIONS = ['proves', 'timeout', 'modes'] as const
const counts = new Map<string, number>()

/** One part of a scenario: named, timed, and the place where a failure is told. Rejects with the first thing that went wrong. */
export function step(title: string, act: Act): Promise<void>
export function step(title: string, options: StepOptions, act: Act): Promise<void>
export async function step(title: string, given: StepOptions | Act, last?: Act): Promise<void> {
  const [options, act] = typeof given === 'function' ? [{}, given] : [given, last]
  if (act === undefined)
    throw new UsageError(`step ${title} does nothing`, { hint: 'its last argument is a function' })
  checkOptions(`step ${title}`, options, OPTIONS)
  if (options.proves?.length === 0)
    throw new UsageError(`step ${title} proves an empty list`, { hint: 'leave proves away' })
  const outer = currentContext()
  if (outer === undefined)
    throw new UsageError(`step ${title} is outside of a scenario`, {
      hint: 'await scenario(…, async () => { await step(…) })',
    })
  const { modes, proves = [] } = options
  const at = callSite()?.toString()
  if (modes !== undefined && !modes.includes(mode.name)) {
    emit({ kind: 'skip', what: title, reason: `not looked at in ${mode.name}`, proves, at })
    return
  }
  const id = nextId(outer)
  emit({ kind: 'step:start', id, parent: outer.step ?? outer.scenario, title, proves, at })
  await runStep({ id, title, options, outer }, act)
}

/** The same step for each item; all are tried, and the first failure is thrown after the last. */
export async function each<T>(title: string, items: readonly T[], act: Act<[T]>): Promise<void> {
  if (items.length === 0)
    throw new UsageError(`each ${title} has no items`, {
      hint: 'it would pass without having looked at anything',
    })
  const errors: Error[] = []
  for (const item of items) {
    try {
      await step(`${title}: ${shorten(typeof item === 'string' ? item : show(item), 60)}`, () => act(item))
    } catch (thrown) {
      errors.push(toError(thrown))
    }
  }
  const [first] = errors
  if (first !== undefined) throw first
}

interface Running {
  readonly id: string
  readonly title: string
  readonly options: StepOptions
  readonly outer: Context
}

async function runStep(running: Running, act: Act): Promise<void> {
  const { id, title, options, outer } = running
  const { proves = [], timeout } = options
  const began = performance.now()
  const over = new AbortController()
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(() => over.abort(createTimeout(title, timeout)), milliseconds(timeout))
  const signal = AbortSignal.any([outer.signal, over.signal])
  const error = await attempt(running, signal, act)
  clearTimeout(timer)
  over.abort(new ShakedownError('failed', `step ${title} is over`))
  const outcome = outcomeOf(error)
  const seconds = (performance.now() - began) / 1000
  const skipped = error instanceof Skip
  if (skipped) emit({ kind: 'skip', what: title, reason: error.reason, proves })
  emit({
    kind: 'step:end',
    id,
    parent: outer.step ?? outer.scenario,
    title,
    outcome,
    seconds,
    proves,
    error: error === undefined || skipped ? undefined : recordError(error),
    reason: skipped ? error.reason : undefined,
  })
  if (error !== undefined && !skipped) throw error
}

async function attempt(running: Running, signal: AbortSignal, act: Act): Promise<Error | undefined> {
  const { id, title, options, outer } = running
  const debts = createDebts()
  let claims = 0
  const context: Context = {
    ...outer,
    step: id,
    signal,
    owe: (debt) => debts.owe(debt),
    countClaim: () => {
      claims += 1
      outer.countClaim()
    },
  }
  try {
    await raceAbort(
      runInContext(context, async () => act()),
      signal,
    )
    debts.collect()
    if (claims === 0 && options.proves !== undefined) {
      throw new Failure(`nothing was asserted in ${title}`, {
        hint: `it says that it proves ${options.proves.join(', ')}`,
      })
    }
    return undefined
  } catch (thrown) {
    return toError(thrown)
  }
}

function nextId(outer: Context): string {
  const parent = outer.step ?? outer.scenario
  const next = (counts.get(parent) ?? 0) + 1
  counts.set(parent, next)
  return `${parent}.${next}`
}

function createTimeout(title: string, timeout: Duration): ShakedownError {
  return new ShakedownError('deadline', `${title} took longer than ${formatDuration(milliseconds(timeout))}`)
}
