import { PreflightError } from '../error.ts'
import type { Place } from '../redis/target.ts'
import { componentNamed, findComponent } from '../run/find.ts'
import { howToStart } from '../run/packages.ts'
import { poll } from '../wait/poll.ts'
import { type Probed, probeRedis, SILENT } from './redis-probe.ts'

/** One that accepts and does not answer may be busy, and so may this machine: it is asked again, for so many milliseconds. */
const PATIENCE = 15_000

/** Resolves where a Redis answers there; rejects with a PreflightError that says what to do where none does. */
export async function findRedis(service: string, place: Place): Promise<void> {
  const waited = await poll((signal) => probeRedis(place, signal), {
    what: `an answer of the Redis at ${place.host}:${place.port}`,
    within: PATIENCE,
    judge: (found) => ({ met: found.ready, final: !found.ready && found.why !== SILENT }),
  })
  const found: Probed = waited.value ?? { ready: false, why: waited.error?.message ?? SILENT }
  if (found.ready) return
  throw new PreflightError(`there is no Redis for ${service} at ${place.host}:${place.port}`, {
    last: found.why,
    hint: [...hintsToStart(place), 'or name another one', 'without `at`, redis() starts one of its own'],
  })
}

/** Where Redis listens when nobody says otherwise: there the service of the machine is. */
const USUAL_PORT = 6379
const NEAR: readonly string[] = ['127.0.0.1', 'localhost', '::1']
/** How to have one there, in the words of this machine; nothing can be said about another machine. */
function hintsToStart({ host, port }: Place): readonly string[] {
  if (!NEAR.includes(host)) return [`start one on ${host}`]
  const daemon = port === USUAL_PORT ? howToStart(componentNamed('redis-server')) : undefined
  const found = findComponent('redis-server')
  if ('missing' in found) return [`install one: ${found.hint}`]
  return [
    ...(daemon === undefined ? [] : [`start it: ${daemon}`]),
    `start one by hand: redis-server${port === USUAL_PORT ? '' : ` --port ${port}`}`,
  ]
}
