import { toError } from '../../error.ts'
import { poll } from '../../wait/poll.ts'
import { type Answer, ask, saidBy } from './engine.ts'
import { type EngineObject, RUN_LABEL } from './object.ts'

/** How often and how long an engine that is busy with it is asked again, in milliseconds. */
const PATIENCE = 10_000
/** What was about to be made when the runner was killed may still appear, so many milliseconds later. */
const STILL_COMING = 2000

const PATHS = { container: '/containers', network: '/networks', volume: '/volumes' } as const

/** What became of something that a run had made. */
export interface Removal {
  readonly object: EngineObject
  readonly ended: 'removed' | 'gone' | 'left'
  readonly why?: string
}

/**
 * Removes what the ledger of a run names, containers with their anonymous volumes first; whatever does not wear the label of
 * that run is left alone and counts as gone: it is somebody else's. Never rejects.
 */
export async function removeObjects(
  objects: readonly (EngineObject & { readonly made: boolean })[],
  run: string,
): Promise<readonly Removal[]> {
  const removals: Promise<Removal>[] = []
  let before: Promise<unknown> = Promise.resolve()
  for (const what of ['container', 'network', 'volume'] as const) {
    const some = objects.filter((object) => object.what === what)
    // All are looked for at once: what may still appear is waited for once, not once for each kind.
    const begun = some.map((object) => removeIfOurs(object, run, before))
    before = Promise.all([before, ...begun])
    removals.push(...begun)
  }
  return Promise.all(removals)
}

/** Removes it; resolves when it is gone. Rejects when the engine does not do so. */
export async function removeObject({ what, name, engine }: EngineObject): Promise<void> {
  const query = what === 'container' ? '?force=1&v=1' : ''
  const path = `${PATHS[what]}/${name}${query}`
  const waited = await poll(() => ask({ method: 'DELETE', path, address: engine }), {
    what: `${what} ${name} to be removed`,
    within: PATIENCE,
    // 409: it is being removed already, or somebody is just leaving the network. 500: it was just being started.
    judge: ({ status }) => ({ met: status === 404 || status < 300 }),
    show: ({ status, body }) => `${status} ${saidBy(body)}`,
  })
  if (waited.ended === 'met') return
  throw waited.error ?? new Error(`${what} ${name} could not be removed: ${saidBy(waited.value?.body)}`)
}

async function removeIfOurs(
  object: EngineObject & { readonly made: boolean },
  run: string,
  before: Promise<unknown>,
): Promise<Removal> {
  try {
    const found = await find(object)
    if (found.status === 404 || labelIn(found.body) !== run) return { object, ended: 'gone' }
    await before
    await removeObject(object)
    return { object, ended: 'removed' }
  } catch (error) {
    return { object, ended: 'left', why: toError(error).message }
  }
}

/** Also what the engine was about to make when its runner was killed: it makes it all the same. */
async function find({
  what,
  name,
  engine,
  made,
}: EngineObject & { readonly made: boolean }): Promise<Answer> {
  const path = `${PATHS[what]}/${name}${what === 'container' ? '/json' : ''}`
  const waited = await poll(() => ask({ path, address: engine }), {
    what: `${what} ${name} to appear`,
    within: made ? 0 : STILL_COMING,
    judge: ({ status }) => ({ met: status !== 404 }),
    once: made,
  })
  if (waited.value !== undefined) return waited.value
  throw waited.error ?? new Error('no answer')
}

function labelIn(body: unknown): unknown {
  const holder = typeof body === 'object' && body !== null && 'Config' in body ? body.Config : body
  if (typeof holder !== 'object' || holder === null || !('Labels' in holder)) return undefined
  const { Labels: labels } = holder
  return typeof labels === 'object' && labels !== null ? Reflect.get(labels, RUN_LABEL) : undefined
}
