import { callSite } from '../call-site.ts'
import { type Context, currentContext } from '../context.ts'
import { type Duration, formatDuration, milliseconds } from '../duration.ts'
import { Failure, ShakedownError, UsageError } from '../error.ts'
import { emit } from '../event.ts'
import { MODES, type ModeName, mode } from '../mode.ts'
import { didYouMean } from '../nearest.ts'
import { show } from '../show.ts'
import { createOver, joinCauses, reasonOf } from './causes.ts'
import { createDebts } from './debts.ts'
import { checkOptions } from './options.ts'
import { outcomeOf, recordError } from './record.ts'
import { runAct } from './run-act.ts'
import type { Act } from './scenario.ts'
import { WISH } from './selection.ts'
import { noteSkip, Skip } from './skip.ts'

/** What a step says about itself besides its title. */
export interface StepOptions {
  /** The requirements that this step proves: `['GUN-093']`. Such a step must claim something. */
  readonly proves?: readonly string[]
  readonly timeout?: Duration
  /** Only looked at in these modes; in others a counted skip: what needs long waits by nature. */
  readonly modes?: readonly ModeName[]
}

const OPTIONS = ['proves', 'timeout', 'modes'] as const
/** What a step that was broken off holds itself (`await using`) is given back within this time. */
const GRACE = 250
const LONGEST = 2 ** 31 - 1
const counts = new Map<string, number>()

/** One part of a scenario: named, timed, and the place where a failure is told. Rejects with the first thing that went wrong. */
export function step(title: string, act: Act): Promise<void>
export function step(title: string, options: StepOptions, act: Act): Promise<void>
export async function step(title: string, given: StepOptions | Act, last?: Act): Promise<void> {
  const site = callSite()
  const at = site?.toString()
  const [options, act] = typeof given === 'function' ? [{}, given] : [given, last]
  if (typeof act !== 'function')
    throw new UsageError(`step ${title} does nothing`, { hint: 'its last argument is a function' })
  check(title, options)
  const outer = contextFor(title)
  let ended = false
  outer.owe({
    title: `a step was not awaited: ${title}`,
    hint: 'write `await` before it',
    at: site,
    settled: () => ended,
  })
  // Its scenario has failed: what goes on of it in the background begins nothing new.
  if (outer.signal.aborted) throw reasonOf(outer.signal)
  const { modes, proves = [] } = options
  if (modes !== undefined && !modes.includes(mode.name)) {
    const reason = `not looked at in ${mode.name}`
    noteSkip(outer.scenario, reason)
    emit({ kind: 'skip', what: title, reason, proves, at })
    ended = true
    return
  }
  const id = nextId(outer)
  emit({ kind: 'step:start', id, parent: outer.step ?? outer.scenario, title, proves, at })
  await runStep({ id, title, at, options, outer }, act).finally(() => {
    ended = true
  })
}

function check(title: string, options: StepOptions): void {
  if (typeof title !== 'string' || title.trim() === '')
    throw new UsageError(`a step has a title, not ${show(title)}`, {
      hint: 'the first argument says in words what is shown',
    })
  checkOptions(`step ${title}`, options, OPTIONS)
  const { proves, modes } = options
  if (proves?.length === 0)
    throw new UsageError(`step ${title} proves an empty list`, { hint: 'leave proves away' })
  if (modes?.length === 0)
    throw new UsageError(`step ${title} is for no mode at all`, { hint: 'leave modes away' })
  const names = Object.keys(MODES)
  const unknown = modes?.find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`unknown mode: ${unknown}`, { hint: didYouMean(unknown, names) })
}

function contextFor(title: string): Context {
  const outer = currentContext()
  if (outer === undefined)
    throw new UsageError(`step ${title} is outside of a scenario`, {
      hint: 'await scenario(…, async () => { await step(…) })',
    })
  if (outer.finding !== undefined)
    throw new UsageError(`step ${title} is inside of the finding ${outer.finding}`, {
      hint: 'a finding is one promise: put it into the step',
    })
  return outer
}

interface Running {
  readonly id: string
  readonly title: string
  readonly at: string | undefined
  readonly options: StepOptions
  readonly outer: Context
}

async function runStep(running: Running, act: Act): Promise<void> {
  const { id, title, options, outer } = running
  const { proves = [], timeout } = options
  const began = performance.now()
  const over = new AbortController()
  const isTimed = timeout !== undefined && process.env[WISH.inspect] === undefined
  const timer = !isTimed ? undefined : startTimer(running, milliseconds(timeout), over)
  const signal = AbortSignal.any([outer.signal, over.signal])
  const errors = await attempt(running, signal, act)
  clearTimeout(timer)
  over.abort(createOver(`step ${title}`))
  const told = errors.filter((one) => !(one instanceof Skip))
  const [error] = told
  const skipped = error === undefined ? errors.find((one) => one instanceof Skip) : undefined
  if (skipped !== undefined) {
    noteSkip(outer.scenario, skipped.reason)
    emit({ kind: 'skip', what: title, reason: skipped.reason, proves })
  }
  emit({
    kind: 'step:end',
    id,
    parent: outer.step ?? outer.scenario,
    title,
    outcome: outcomeOf(error ?? skipped),
    seconds: (performance.now() - began) / 1000,
    proves,
    error: error === undefined ? undefined : recordError(error),
    reason: skipped?.reason,
  })
  if (error !== undefined) throw joinCauses([error, ...told.slice(1)])
}

/** The context of the scenario with the step's own debts, claims and signal. */
function attempt(running: Running, signal: AbortSignal, act: Act): Promise<readonly Error[]> {
  const { id, title, at, options, outer } = running
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
  const check = async () => {
    await act()
    debts.collect()
    if (claims > 0 || options.proves === undefined) return
    throw new Failure(`nothing was asserted in ${title}`, {
      ...(at === undefined ? {} : { at }),
      hint: `it says that it proves ${options.proves.join(', ')}`,
    })
  }
  return runAct(check, context, GRACE)
}

function startTimer({ title, at }: Running, timeout: number, over: AbortController): NodeJS.Timeout {
  const error = new ShakedownError('deadline', `${title} took longer than ${formatDuration(timeout)}`, {
    ...(at === undefined ? {} : { at }),
    hint: 'give it more: step(title, { timeout: … }), or look at what it waited for',
  })
  return setTimeout(() => over.abort(error), Math.min(timeout, LONGEST))
}

function nextId(outer: Context): string {
  const parent = outer.step ?? outer.scenario
  const next = (counts.get(parent) ?? 0) + 1
  counts.set(parent, next)
  return `${parent}.${next}`
}
