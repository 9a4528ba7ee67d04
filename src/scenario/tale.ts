import { type Context, runInContext } from '../context.ts'
import { Failure, toError } from '../error.ts'
import { emit } from '../event.ts'
import { interruptedBy, onInterrupt } from '../interrupt.ts'
import { Scope } from '../scope.ts'
import { pause } from '../wait/pause.ts'
import { createOver, createTimeout, noteTold, reasonOf, toInterruption } from './causes.ts'
import { createDebts } from './debts.ts'
import { keepEvidence } from './evidence.ts'
import { stayUp } from './keep.ts'
import { outcomeOf, recordError } from './record.ts'
import { runAct } from './run-act.ts'
import { noteTelling } from './running.ts'
import type { Act } from './scenario.ts'
import { Skip, skipsIn } from './skip.ts'
import { createWorkdir } from './workdir.ts'

/** A scenario that is about to be told, checked. Times in milliseconds. */
export interface Tale {
  readonly id: string
  readonly title: string
  readonly at: string | undefined
  readonly timeout: number
  readonly teardown: number
  readonly requires: readonly string[]
  /** True when it is to be told again after these. */
  readonly mayRetry?: ((errors: readonly Error[]) => boolean) | undefined
  /** Hears what kept it from passing, when it is over. */
  readonly failed?: (error: Error) => void
}

/** No timer of Node's can be longer. */
const LONGEST = 2 ** 31 - 1
/** What a story that was broken off holds itself (`await using`) is given back before its services are stopped. */
const GRACE = 500
/** A service that dies takes connections with it, and its own death is the better story: it shows within this time. */
const DEATH_GRACE = 100

/**
 * Tells a scenario from its start to the end of its teardown, and never rejects; true when it is to be told again. Stands
 * still when it was interrupted.
 */
export async function tellTale(tale: Tale, act: Act): Promise<boolean> {
  const began = performance.now()
  const over = new AbortController()
  const [hold, done] = [new AbortController(), Promise.withResolvers<void>()]
  const release = onInterrupt(async (signal) => {
    hold.abort()
    over.abort(toInterruption(signal))
    await done.promise
  }, 'stories')
  const cast = createCast(tale, over)
  const timer = setTimeout(() => over.abort(createTimeout(tale)), Math.min(tale.timeout, LONGEST))
  const forget = noteTelling({
    ...tale,
    fail: cast.context.fail,
    endNow: (error) => tellEnd(tale, { errors: [error], claims: cast.claims(), began }),
  })
  const errors = await attempt(tale, cast, act)
  forget()
  clearTimeout(timer)
  await keepEvidence({ ...tale, hurry: hold.signal }, cast.context, errors)
  await stayUp(tale.title, hold.signal)
  // What is still running of the scenario must not go on while its services are stopped.
  over.abort(errors[0] ?? createOver(`scenario ${tale.title}`))
  const late = await tearDown(tale, cast, errors.length === 0)
  const again = tellEnd(tale, { errors: [...errors, ...late], claims: cast.claims(), began })
  release()
  done.resolve()
  // The process is about to end: what the script does next would belong to a run that is over.
  if (interruptedBy() !== undefined) await new Promise(() => {})
  return again
}

interface Cast {
  readonly context: Context
  readonly scope: Scope
  readonly workdir: ReturnType<typeof createWorkdir>
  readonly debts: ReturnType<typeof createDebts>
  claims(): number
  /** True once something was started that must be stopped. */
  owns(): boolean
}

function createCast({ id }: Tale, over: AbortController): Cast {
  const scope = new Scope()
  const debts = createDebts()
  const workdir = createWorkdir(id)
  let claims = 0
  let owns = false
  const context: Context = {
    scenario: id,
    signal: over.signal,
    own(what, teardown) {
      scope.own(what, teardown)
      owns = true
    },
    owe: (debt) => debts.owe(debt),
    countClaim: () => {
      claims += 1
    },
    fail: (error) => over.abort(error),
    workdir: () => workdir.path(),
  }
  return { context, scope, workdir, debts, claims: () => claims, owns: () => owns }
}

async function attempt(tale: Tale, cast: Cast, act: Act): Promise<readonly Error[]> {
  const { context, debts } = cast
  const errors = await runAct(
    async () => {
      await checkRequired(tale)
      await act()
      debts.collect()
      checkClaims(tale, cast)
    },
    context,
    GRACE,
  )
  const [first] = errors
  if (first === undefined || first instanceof Skip || context.signal.aborted || !cast.owns()) return errors
  const died = await hearDeath(context.signal)
  return died === undefined ? errors : [died, ...errors.filter((error) => error !== died)]
}

async function checkRequired({ requires }: Tale): Promise<void> {
  if (requires.length === 0) return
  const { missingOf } = await import('./requires.ts')
  const missing = await missingOf(requires)
  if (missing !== undefined) throw new Skip(missing)
}

/** Nothing claimed is a failure, unless everything that would have claimed was left out, which was told. */
function checkClaims({ id, title, at }: Tale, cast: Cast): void {
  if (cast.claims() > 0) return
  const skips = skipsIn(id)
  if (skips.length > 0) throw new Skip(`everything in it was left out: ${skips.join('; ')}`)
  throw new Failure(`nothing was asserted in ${title}`, {
    ...(at === undefined ? {} : { at }),
    hint: 'a scenario that claims nothing proves nothing: await expect(…).to…',
  })
}

async function hearDeath(signal: AbortSignal): Promise<Error | undefined> {
  try {
    await pause(DEATH_GRACE, signal)
    return undefined
  } catch {
    // The only way in which this pause ends early.
    return reasonOf(signal)
  }
}

/** Undoes everything, with a context whose signal is not aborted: undoing may have to talk to what it undoes. */
async function tearDown(tale: Tale, cast: Cast, passed: boolean): Promise<readonly Error[]> {
  const context = { ...cast.context, signal: new AbortController().signal }
  const errors = await runInContext(context, () => cast.scope.unwind(tale.teardown))
  try {
    const isUnfinished = interruptedBy() !== undefined && interruptedBy() !== 'SIGALRM'
    await cast.workdir.remove(isUnfinished || (passed && errors.length === 0))
  } catch (thrown) {
    const cause = toError(thrown)
    return [
      ...errors.map(({ error }) => error),
      new Failure(`the folder of the scenario stays: ${cause.message}`),
    ]
  }
  return errors.map(({ error }) => error)
}

function tellEnd(
  { id, title, mayRetry, failed }: Tale,
  end: { readonly errors: readonly Error[]; readonly claims: number; readonly began: number },
): boolean {
  const [first, ...more] = end.errors
  // A teardown that failed is no reason to skip: then that is what is told.
  const skipped = first instanceof Skip && more.length === 0 ? first : undefined
  const told = end.errors.filter((error) => !(error instanceof Skip))
  const [error, ...others] = told
  for (const one of told) noteTold(one)
  const outcome = outcomeOf(skipped ?? error)
  const retried = outcome === 'failed' && mayRetry?.(told) === true
  if (first !== undefined && !retried) failed?.(first)
  emit({
    kind: 'scenario:end',
    id,
    title,
    outcome,
    seconds: (performance.now() - end.began) / 1000,
    claims: end.claims,
    error: error === undefined ? undefined : recordError(error),
    more: others.map(recordError),
    reason: skipped?.reason,
    ...(retried ? { retried } : {}),
  })
  return retried
}
