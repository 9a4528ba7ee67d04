import { realpath } from 'node:fs/promises'
import { env } from 'node:process'
import { PreflightError, UsageError } from '../error.ts'
import { loaderOf } from '../lazy.ts'
import { type Access, checkPrefix, grantAccess } from '../redis/access.ts'
import { sampleRedis } from '../redis/evidence.ts'
import { createSource, parseAddress } from '../redis/target.ts'
import { beginWatch } from '../redis/watch.ts'
import { createReference, ownersOf, type Reference } from '../reference.ts'
import { findComponent } from '../run/find.ts'
import { runId } from '../run-id.ts'
import { inContainers } from '../service/chosen.ts'
import { addressOf, control } from '../service/control.ts'
import { createElsewhere, inUrl } from '../service/elsewhere.ts'
import { createProgram, type Program } from '../service/program.ts'
import type { Checked, Place } from '../service/spec.ts'
import { findRedis } from './redis-elsewhere.ts'
import { probeRedis } from './redis-probe.ts'

/** How a Redis is described. */
export interface RedisOptions {
  readonly name?: string
  /** A fixed port; a free one where it is not given. */
  readonly port?: number
  /** Further arguments of redis-server: `['--maxmemory', '10mb']`. */
  readonly args?: readonly string[]
  /** The database that readings and `url` mean; 0 where it is not given. */
  readonly database?: number
  /** How the script's own keys begin: all that it may look at in a Redis that runs elsewhere. */
  readonly prefix?: string
  /** The address of one that already runs: `redis://127.0.0.1:6379`. It is used, and neither started, stopped nor changed. */
  readonly at?: string
}

/** A Redis, and what its readings are about. */
export interface RedisService extends Program {
  /** `redis://host:port`, with the database where it is another than 0. */
  readonly url: Reference<string>
  /** With which the script's own keys begin, where it says so to what it starts: `REDIS_KEY_PREFIX: cache.prefix`. */
  readonly prefix: string
}

/**
 * A Redis of the script's own: on 127.0.0.1, with nothing kept on disk, watched from its first moment on for keys that are
 * deleted. With `at`, one that others use, too: only read, only below the prefix, with the same readings.
 */
export function redis(options: RedisOptions = {}): RedisService {
  const { name = 'redis', at, database } = options
  const prefix =
    options.prefix === undefined ? `shakedown-${runId.slice(0, 12)}` : checkPrefix(options.prefix)
  if (database !== undefined && !(Number.isInteger(database) && database >= 0))
    throw new UsageError(`not a database of Redis: ${database}`, { hint: 'they are numbered from 0' })
  const program = at === undefined ? createOwn(name, options) : createForeign(name, at, options)
  const access: Access =
    at === undefined
      ? { own: true, prefix: '', db: database }
      : { own: false, prefix, db: database ?? parseAddress(at).db, login: parseAddress(at) }
  grantAccess(program, access)
  return Object.assign(program, {
    prefix,
    url: createUrl(program, access),
  })
}

/** Loaded only under `shakedown watch`. */
const resets = loaderOf(import.meta.url).lazily<typeof import('./redis-reset.ts')>('./redis-reset')
const LOOPBACK = '127.0.0.1'

function createOwn(name: string, options: RedisOptions): Program {
  const { port, args = [], database = 0 } = options
  const program: Program = createProgram({
    name,
    run: ({ host, port: own, dir }) => [
      findServer(),
      ...['--bind', host, '--port', own, '--dir', dir, '--daemonize', 'no'],
      // Who listens for others than this machine answers them only so. From outside, a container is reached on 127.0.0.1 only.
      ...(host === LOOPBACK ? [] : ['--protected-mode', 'no']),
      ...['--save', '', '--appendonly', 'no', '--databases', Math.max(16, database + 1)],
      ...args,
    ],
    ...(port === undefined ? {} : { port }),
    ready: { check: (place, signal) => checkOwn(program, place, { signal, moved: args.includes('--dir') }) },
    stop: { signal: 'SIGTERM' },
    reset: ({ dir }) => resets('resetRedis')(createSource(program), dir),
    evidence: (signal) => sampleRedis(createSource(program), signal),
    install: 'apt-get install redis-server',
    container: { image: 'redis:7' },
  })
  return program
}

/** It answers, it is this one and not another that took the port, and the watch over its keys is on. */
async function checkOwn(
  program: Program,
  place: Place,
  { signal, moved }: { readonly signal: AbortSignal; readonly moved: boolean },
): Promise<Checked> {
  const found = await probeRedis(place, signal, 'dir')
  if (!found.ready) return found.why
  const dir = await realpath(place.dir)
  if (!moved && found.dir !== undefined && found.dir !== dir)
    return `another Redis answers there, of ${found.dir}`
  if (env['SHAKEDOWN_KEEPER'] !== undefined) await resets('noteSettings')(createSource(program), place.dir)
  const watch = await beginWatch(createSource(program).target())
  // A look, because a watch over the server before a restart may not know yet that it has ended.
  await watch.touch([], { signal })
  return true
}

function createForeign(name: string, at: string, { port, args }: RedisOptions): Program {
  if (port !== undefined || args !== undefined)
    throw new UsageError(`redis({ at: … }) is not started, so that it gets neither port nor args`, {
      hint: 'the port belongs into the address',
    })
  const place = parseAddress(at)
  const program: Program = createProgram({
    name,
    run: ['redis', `${place.host}:${place.port}`],
    ready: { check: (_, signal) => checkForeign(program, signal) },
    evidence: (signal) => sampleRedis(createSource(program), signal),
    setup: () => findRedis(program.name, place),
    driver: createElsewhere({ main: `${inUrl(place.host)}:${place.port}` }),
  })
  return program
}

async function checkForeign(program: Program, signal: AbortSignal): Promise<Checked> {
  const watch = await beginWatch(createSource(program).target())
  await watch.touch([], { signal })
  return true
}

/** Throws a PreflightError, before anything is launched, where REDIS_BIN names nothing or no server is installed. */
function findServer(): string {
  if (inContainers()) return 'redis-server'
  const found = findComponent('redis-server')
  if ('path' in found) return found.path
  throw new PreflightError(found.missing, { hint: found.hint })
}

function createUrl(program: Program, { db = 0, login }: Access): Reference<string> {
  const owners = [...ownersOf(program)]
  const { username = '', password, tls = false } = login ?? {}
  const user =
    password === undefined ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`
  return createReference(`${program.name}.url`, owners, (viewer) => {
    const place = addressOf(program[control], viewer)
    if (place === undefined) return undefined
    return `${tls ? 'rediss' : 'redis'}://${user}${place.host}:${place.port}${db === 0 ? '' : `/${db}`}`
  })
}
