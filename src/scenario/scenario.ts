import { relative } from 'node:path'
import { argv } from 'node:process'
import { callSite } from '../call-site.ts'
import { type Context, currentContext, runInContext } from '../context.ts'
import { type Duration, formatDuration, milliseconds } from '../duration.ts'
import { Failure, ShakedownError, toError, UsageError } from '../error.ts'
import { emit, type Outcome, stampEventsWith } from '../event.ts'
import { onInterrupt } from '../interrupt.ts'
import { mode } from '../mode.ts'
import { Scope } from '../scope.ts'
import { raceAbort } from '../wait/poll.ts'
import { createDebts } from './debts.ts'
import { stayUp } from './keep.ts'
import { checkOptions } from './options.ts'
import { recordError } from './record.ts'
import { isSelected } from './selection.ts'
import { Skip } from './skip.ts'
import { createWorkdir } from './workdir.ts'

export interface ScenarioOptions {
  readonly tags?: readonly string[]
  /** The whole scenario, teardown not included; the mode's timeout where it is not given. */
  readonly timeout?: Duration
  /** How long everything that it started has to stop; 30 s where it is not given. */
  readonly teardown?: Duration
  /** What the machine must have, else the scenario is a counted skip: `docker`, `kubernetes`, a command. */
  readonly requires?: readonly string[]
}

/** What a scenario or step does. */
export type Act<Given extends readonly unknown[] = []> = (...given: Given) => Promise<void>

const OPTIONS = ['tags', 'timeout', 'teardown', 'requires'] as const
const SCRIPT = argv[1] === undefined ? '' : relative(process.cwd(), argv[1])
const running = new Set<Context>()
let count = 0

stampEventsWith(() => {
  const context = currentContext()
  return { script: SCRIPT, scenario: context?.scenario, step: context?.step }
})

/**
 * Tells one story: starts things, acts, claims. Everything that it starts is stopped when it ends, however it ends. Its
 * outcome is an event; it fails too when nothing was claimed. Resolves in any case, so that the next scenario runs.
 */
export function scenario(title: string, act: Act): Promise<void>
export function scenario(title: string, options: ScenarioOptions, act: Act): Promise<void>
export async function scenario(title: string, given: ScenarioOptions | Act, last?: Act): Promise<void> {
  const [options, act] = typeof given === 'function' ? [{}, given] : [given, last]
  if (act === undefined)
    throw new UsageError(`scenario ${title} does nothing`, { hint: 'its last argument is a function' })
  if (currentContext() !== undefined)
    throw new UsageError(`scenario ${title} is inside of another one`, { hint: 'use step' })
  checkOptions(`scenario ${title}`, options, OPTIONS)
  if (!isSelected(title, options.tags ?? [])) return
  count += 1
  const tale = createTale(String(count), title, options)
  const { id, timeout } = tale
  emit({ kind: 'scenario:start', id, title, at: callSite()?.toString(), tags: options.tags ?? [], timeout })
  await tale.tell(act)
}

/** Fails every scenario that runs: an error escaped from the script. False when there is none to fail. */
export function failRunning(error: Error): boolean {
  for (const context of running) context.fail(error)
  return running.size > 0
}

interface Tale {
  readonly id: string
  readonly timeout: number
  tell(act: Act): Promise<void>
}

function createTale(id: string, title: string, options: ScenarioOptions): Tale {
  const timeout = options.timeout === undefined ? mode.timeout.milliseconds : milliseconds(options.timeout)
  const budget = options.teardown === undefined ? 30_000 : milliseconds(options.teardown)
  const controller = new AbortController()
  const scope = new Scope()
  const debts = createDebts()
  const workdir = createWorkdir(id)
  let claims = 0
  const context: Context = {
    scenario: id,
    signal: controller.signal,
    own: (what, teardown) => scope.own(what, teardown),
    owe: (debt) => debts.owe(debt),
    countClaim: () => {
      claims += 1
    },
    fail: (error) => controller.abort(error),
    workdir: () => workdir.path(),
  }

  async function tell(act: Act): Promise<void> {
    const began = performance.now()
    const done = Promise.withResolvers<void>()
    const hold = new AbortController()
    const release = onInterrupt(async (signal) => {
      hold.abort()
      controller.abort(new ShakedownError('interrupted', `interrupted by ${signal}`))
      await done.promise
    })
    const timer = setTimeout(() => controller.abort(createTimeout(title, timeout)), timeout)
    running.add(context)
    const error = await attempt(act)
    running.delete(context)
    clearTimeout(timer)
    await stayUp(title, hold.signal)
    // What is still running of the scenario must not go on while its services are stopped.
    controller.abort(error ?? new ShakedownError('failed', `scenario ${title} is over`))
    const cleanup = await scope.unwind(budget)
    await workdir.remove(error === undefined)
    const errors = [...(error === undefined ? [] : [error]), ...cleanup.map(({ error: late }) => late)]
    const [first, ...more] = errors
    const seconds = (performance.now() - began) / 1000
    const outcome = outcomeOf(first)
    emit({
      kind: 'scenario:end',
      id,
      title,
      outcome,
      seconds,
      claims,
      error: first === undefined || first instanceof Skip ? undefined : recordError(first),
      more: more.map(recordError),
      reason: first instanceof Skip ? first.reason : undefined,
    })
    release()
    done.resolve()
  }

  async function attempt(act: Act): Promise<Error | undefined> {
    try {
      await raceAbort(
        runInContext(context, async () => act()),
        controller.signal,
      )
      debts.collect()
      if (claims === 0)
        throw new Failure(`nothing was asserted in ${title}`, {
          hint: 'a scenario that claims nothing proves nothing: await expect(…).to…',
        })
      return undefined
    } catch (thrown) {
      return toError(thrown)
    }
  }

  return { id, timeout, tell }
}

/** How the scenario ended, for the first error that it met. */
export function outcomeOf(error: Error | undefined): Outcome {
  if (error === undefined) return 'passed'
  if (error instanceof Skip) return 'skipped'
  return error instanceof ShakedownError && error.code === 'interrupted' ? 'interrupted' : 'failed'
}

function createTimeout(title: string, timeout: number): ShakedownError {
  return new ShakedownError('deadline', `${title} took longer than ${formatDuration(timeout)}`, {
    hint: 'give it more: scenario(title, { timeout: … }), or see in the steps above what it waited for',
  })
}
