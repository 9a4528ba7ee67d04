import { createHash } from 'node:crypto'
import {
  above,
  derive,
  expect,
  hashes,
  info,
  keys,
  mode,
  type Reading,
  type Reference,
  step,
  ttls,
  within,
} from 'shakedown'
import { whileHeld } from './held.ts'
import { settings } from './settings.ts'
import { verifyAgreement, verifyNothingElse } from './stored.ts'
import { type App, serveFromAll } from './workers.ts'

/** Where an application keeps its metrics. */
export interface Store {
  readonly cache: Reference<string>
  readonly prefix: string
  readonly ttl: { readonly milliseconds: number }
}

type Fields = Readonly<Record<string, string>>

/** After the prefix: type, process, metric or meta, digest of what it is about. */
const KEY = /^:(counter|histogram|gauge_all):(\d+):(metric|meta):([0-9a-f]{32})$/
/** Seconds between the clocks of Redis, in whole seconds, and ours. */
const CLOCKS = 2
const began = Date.now() / 1000
/** Commands for each key of the metrics that a scrape may need. Measured with exporter 0.2.4: 1.5 to 3.8. */
const DEAREST = 8
/** So many connections more some requests may need: whoever has one keeps it. */
const FEW = 3
/** Connections to Redis: of the script and its watch for deletions, and of each process of the application. */
const CLIENTS = { ours: 8, each: 3 } as const
const METRIC_FIELDS = 'timestamp, updated_at, value'
const META_FIELDS = 'created_at, multiprocess_mode, original_key, typ'

/** Claims that what is in Redis has the documented form, says what the page says, and lives as long as it should. */
export async function verifyRedis(app: App, store: Store): Promise<void> {
  const { cache, prefix, ttl } = store
  const all = `${prefix}:*`

  await step(
    'keys and their fields have the documented form',
    { proves: ['GUN-082', 'GUN-093', 'GUN-168', 'GUN-171', 'GUN-185', 'GUN-021', 'GUN-089'] },
    async () => {
      await serveFromAll(app)
      const pids = [await app.pid.read(), ...(await app.workers.read())]
      await expect(keys(cache, `${prefix}:*:metric:*`)).toHaveSize(above(10))
      await expect(misshapen(store, pids)).toEqual([])
      await expect(kinds(store)).toBe(['counter', 'gauge_all', 'histogram'])
    },
  )

  await verifyAgreement(app, store)

  await step(
    'every key has the TTL, and a write renews it',
    { proves: ['GUN-084', 'GUN-095', 'GUN-143', 'GUN-154', 'GUN-167', 'GUN-187'] },
    async () => {
      await expect(keys(cache, all)).toHaveTtl(within('1ms', `${ttl.milliseconds}ms`))
      const [least, most] = [ttl.milliseconds / 1000 - 0.1, ttl.milliseconds / 1000 + 1]
      await expect(lifetime(app, store, least)).toBe(within(least, most))
      const written = await keys(cache, all).fromNow()
      const before = await timesIn(store).read()
      const connected = await connections(store).read()
      await serveFromAll(app)
      await expect(written).toBeRefreshed()
      if (!settings.foreignRedis) await expect(connections(store)).toBe(within(connected, connected + FEW))
      const renewed = await written.read()
      await expect(mistimed(store, { before, renewed })).toEqual([])
      const whole = derive(ttls(cache, all), 'keys that were written and have not the whole TTL', (lives) =>
        renewed.filter((key) => {
          const life = lives.get(key) ?? 'none'
          return life === 'none' || life.milliseconds < ttl.milliseconds - slack()
        }),
      )
      await expect(whole).toEqual([])
    },
  )

  await step('who looks changes nothing', { proves: ['GUN-143'] }, async () => {
    // Looked at until it holds: what was written last may still be on its way.
    const deadlines = keys(cache, all).deadlines()
    const scrape = app.metrics.samples() // of which there must be some
    const moved = derive(scrape, 'keys whose end a scrape moves, or that have none', async () => {
      const before = await deadlines.read()
      await scrape.read()
      const after = [...(await deadlines.read())]
      const moved = after.filter(([key, time]) => time !== before.get(key) || !(Number(time) > 0))
      return moved.map(([key]) => key)
    })
    await expect(moved).toEqual([])
    if (settings.foreignRedis) return // others ask it, too
    const asked = derive(keys(cache, all), 'commands of a scrape, for each key', async ({ length }) => {
      const before = await info(cache, 'stats').read()
      await scrape.read()
      const after = await info(cache, 'stats').read()
      const [from = Number.NaN, to = Number.NaN] = [before, after].map((told) =>
        Number(told['total_commands_processed']),
      )
      return (to - from) / length
    })
    await expect(asked).toBe(within(Number.EPSILON, DEAREST))
    // Ours, and one or two for each process.
    const most = CLIENTS.ours + CLIENTS.each * (1 + settings.workers)
    const clients = derive(info(cache, 'clients'), 'connections to Redis', (told) =>
      Number(told['connected_clients']),
    )
    await expect(clients).toBe(within(2, most))
  })

  await verifyNothingElse(store)
}

/** A key that was just written lives at least this much less than its TTL: the time of the request and of our look. */
function slack(): number {
  return 5000 + mode.patience.milliseconds / 10
}

/**
 * How long a key lives from when it was written, in seconds, by a look at keys that are written for it: one that lives for
 * less than that at least, or the median of all, whatever a slow one took. Redis tells the second of a write, so that it is
 * up to one more.
 */
function lifetime(app: App, { cache, prefix }: Store, least: number): Reading<number> {
  const found = hashes(cache, `${prefix}:*:metric:*`)
  const deadlines = keys(cache, `${prefix}:*`).deadlines()
  return derive(app.pid, 'seconds from the last write of a key to its end', async () => {
    await serveFromAll(app)
    // A write between the two looks would make a life shorter than it is.
    const [ends, entries] = await whileHeld(app, () => Promise.all([deadlines.read(), found.read()]))
    // Both of a pair: what describes a value lives as long as the value.
    const lives = [...entries].flatMap(([key, fields]) =>
      [key, key.replace(':metric:', ':meta:')].map(
        (one) => Number(ends.get(one) ?? 0) / 1000 - Number(fields['updated_at']),
      ),
    )
    const [shortest = Number.NaN, ...others] = lives.sort((one, other) => one - other)
    return shortest < least ? shortest : (others[Math.floor(others.length / 2)] ?? shortest)
  })
}

/** When each key says that it was made, or written last. */
function timesIn({ cache, prefix }: Store): Reading<ReadonlyMap<string, string>> {
  return derive(hashes(cache, `${prefix}:*`), 'when keys were made and written', (found) => {
    return new Map(
      [...found].map(([key, fields]) => [key, fields['created_at'] ?? fields['updated_at'] ?? '']),
    )
  })
}

interface Written {
  /** What each key told before. */
  readonly before: ReadonlyMap<string, string>
  /** The keys that were written since. */
  readonly renewed: readonly string[]
}

/** What keys tell wrongly that were written: a value was written just now, what describes it was made before. */
function mistimed(store: Store, { before, renewed }: Written): Reading<readonly string[]> {
  return derive(timesIn(store), 'keys that tell the wrong time after a write', (now) => {
    const known = renewed.filter((key) => before.has(key) && now.has(key))
    if (known.length === 0) return ['no key that was there before was written']
    return known.flatMap((key) => {
      const later = Number(now.get(key)) - Number(before.get(key))
      if (key.includes(':meta:')) return later === 0 ? [] : [`${key} says that it was made anew`]
      return later > 0 ? [] : [`${key} was written, and says that it was not`]
    })
  })
}

/** How many connections were ever made to a Redis. */
function connections({ cache }: Store): Reading<number> {
  return derive(info(cache, 'stats'), 'connections that Redis has accepted', (told) =>
    Number(told['total_connections_received']),
  )
}

/** What is wrong with the keys of an application, each in words. */
function misshapen({ cache, prefix }: Store, pids: readonly number[]): Reading<readonly string[]> {
  return derive(hashes(cache, `${prefix}:*`), `misshapen keys of ${prefix}`, (found) =>
    [...found].flatMap(([key, fields]) => mistakesIn(key, fields, { prefix, pids, all: found })),
  )
}

interface Neighbours {
  readonly prefix: string
  readonly pids: readonly number[]
  readonly all: ReadonlyMap<string, Fields>
}

function mistakesIn(key: string, fields: Fields, { prefix, pids, all }: Neighbours): readonly string[] {
  const [, type, pid, kind, digest] = KEY.exec(key.slice(prefix.length)) ?? []
  if (kind === undefined) return [`${key} is no key of the documented form`]
  const twin = key.replace(`:${kind}:`, kind === 'meta' ? ':metric:' : ':meta:')
  const names = Object.keys(fields).sort().join(', ')
  const mistakes: string[] = []
  if (!pids.includes(Number(pid))) mistakes.push(`${key} is of process ${pid}, which is not ours`)
  if (!all.has(twin)) mistakes.push(`${key} has no twin ${twin}`)
  if (names !== (kind === 'meta' ? META_FIELDS : METRIC_FIELDS))
    mistakes.push(`${key} has the fields ${names}`)
  if (kind === 'metric' && !isNumber(fields['value']))
    mistakes.push(`${key} has the value ${fields['value']}`)
  const written = Number(fields['updated_at'] ?? fields['created_at'])
  if (!(written >= began - CLOCKS && written <= Date.now() / 1000 + CLOCKS))
    mistakes.push(`${key} says that it was written at ${written}, which is not in this run`)
  if (kind === 'meta' && md5(fields['original_key'] ?? '') !== digest)
    mistakes.push(`${key} is not the digest of its original_key`)
  const says = `${fields['typ']} of mode ${fields['multiprocess_mode']}`
  if (kind === 'meta' && says !== `${type?.replace('_all', '')} of mode all`)
    mistakes.push(`${key} says that it is a ${says}`)
  return mistakes
}

function kinds({ cache, prefix }: Store): Reading<readonly string[]> {
  return derive(keys(cache, `${prefix}:*:metric:*`), `kinds of keys of ${prefix}`, (found) =>
    [...new Set(found.map((key) => key.split(':')[1] ?? ''))].sort(),
  )
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
