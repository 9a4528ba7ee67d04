import { PreflightError, UsageError } from '../error.ts'
import { type Place, parseAddress } from '../redis/target.ts'
import { HOST } from '../reference.ts'
import { componentNamed, findComponent } from '../run/find.ts'
import { howToStart } from '../run/packages.ts'
import type { Driver, Exit, Handle, Lease } from '../service/driver.ts'
import type { Program } from '../service/program.ts'
import { poll } from '../wait/poll.ts'
import { type Probed, probeRedis, SILENT } from './redis-probe.ts'

/** "Launches" a Redis that already runs: it is only asked whether it is there. Nothing of it is ever started or stopped. */
export function createElsewhere(address: string): Driver {
  const place = parseAddress(address)
  return {
    name: 'elsewhere',
    viewer: HOST,
    capabilities: new Set(),
    lease: async () => createLease(place),
    async launch({ service }) {
      const found = await findRedis(place)
      if (found.ready) return createHandle()
      throw new PreflightError(`there is no Redis for ${service} at ${place.host}:${place.port}`, {
        last: found.why,
        hint: [...hintsToStart(place), 'or name another one', 'without `at`, redis() starts one of its own'],
      })
    },
  }
}

/** One that accepts and does not answer may be busy, and so may this machine: it is asked again, for so many milliseconds. */
const PATIENCE = 15_000

async function findRedis(place: Place): Promise<Probed> {
  const waited = await poll((signal) => probeRedis(place, signal), {
    what: `an answer of the Redis at ${place.host}:${place.port}`,
    within: PATIENCE,
    judge: (found) => ({ met: found.ready, final: !found.ready && found.why !== SILENT }),
  })
  return waited.value ?? { ready: false, why: waited.error?.message ?? SILENT }
}

/** Where Redis listens when nobody says otherwise: there the service of the machine is. */
const USUAL_PORT = 6379
const NEAR: readonly string[] = ['127.0.0.1', 'localhost', '::1']
const VERBS = ['stop', 'kill', 'signal', 'pause', 'resume', 'restart'] as const

/** What a script cannot do to a server that is not its own. */
export function refuseVerbs({ name }: Program): Pick<Program, (typeof VERBS)[number]> {
  const refuse = async (): Promise<never> => {
    throw new UsageError(
      `${name} was not started by this script, so that it cannot be stopped, signalled or paused`,
      {
        hint: 'for that it must be its own: redis() without `at`',
      },
    )
  }
  return { stop: refuse, kill: refuse, signal: refuse, pause: refuse, resume: refuse, restart: refuse }
}

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

function createLease({ host, port }: Place): Lease {
  const near = NEAR.includes(host)
  const lease: Lease = {
    host,
    ports: { main: port },
    dir: '',
    addressFor: (viewer, wanted) =>
      near && viewer.place !== HOST.place ? undefined : { host, port: wanted },
    exchange: async () => lease,
    release: async () => {},
  }
  return lease
}

/** Its life is that of its part in the run: it ends when the run lets go of it. */
function createHandle(): Handle {
  const left = Promise.withResolvers<Exit>()
  return {
    exited: left.promise,
    signal() {
      left.resolve({ code: 0, signal: null })
      return true
    },
    usage: () => Promise.reject(new UsageError('what a Redis uses that runs elsewhere is not known here')),
    children: async () => [],
    listener: async () => ({ whose: 'unknown' }),
    sweep: async () => [],
    killNow() {
      left.resolve({ code: 0, signal: null })
    },
  }
}
