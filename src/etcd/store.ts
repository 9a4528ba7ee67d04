import { type Period, period } from '../duration.ts'
import { Failure } from '../error.ts'
import type { Assertion } from '../expect/assertion.ts'
import { type Owner, ownersOf, type Reference, resolve } from '../reference.ts'
import { own, type Phrasing, type Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { ask, insist } from './call.ts'
import { claimExpiry, type ExpireOptions, type Expiry } from './expire.ts'
import { type Change, createHistory } from './history.ts'
import { type Entry, encode, list, number, rangeOf, readEntry } from './wire.ts'

/** What can be claimed about keys. None of it holds where there is no key. */
export interface StoreKeysMatchers {
  /**
   * Every key expires with its lease: seen alive with a time to live of at most `within`, and gone when that was over, not
   * before. A key that is deleted, stays, or is kept alive by somebody fails it.
   */
  toExpire(options: ExpireOptions): Promise<readonly Expiry[]>
}

/** What a store holds, read through its JSON gateway. A prefix is how keys begin; '' means all. */
export interface Store {
  /** How many keys there are. */
  count(prefix: string): Reading<number>
  /** The keys, sorted. */
  keys(prefix: string): Reading<readonly string[], StoreKeysMatchers>
  /** The keys with their values, sorted by key. */
  entries(prefix: string): Reading<ReadonlyMap<string, string>>
  /** The value of one key. Reading it fails where there is no such key. */
  value(key: string): Reading<string>
  /** How long each key still lives, in whole seconds; `none` for keys that stay. */
  ttls(prefix: string): Reading<ReadonlyMap<string, Period | 'none'>>
  /** All that was ever done to the keys, in order, also before anybody looked. */
  changes(prefix: string): Reading<readonly Change[]>
  /** Writes a key; with `ttl`, in seconds, it goes by itself unless somebody keeps its lease alive. */
  put(key: string, value: string, options?: { readonly ttl: number }): Promise<void>
  /** Removes the keys and says how many there were. */
  remove(prefix: string): Promise<number>
}

/** The store at these URLs, joined with commas. */
export function createStore(name: string, urls: Reference<string> | string): Store {
  const source: Source = {
    name,
    about: typeof urls === 'string' ? new Set() : ownersOf(urls),
    urls: () => (typeof urls === 'string' ? urls : resolve(urls)),
  }
  const history = createHistory()
  const range = (prefix: string, signal?: AbortSignal) => readRange(source, prefix, signal)
  return {
    count: (prefix) =>
      reading(source, `number of keys under ${prefix}`, async (signal) => {
        const asked = { ...rangeOf(prefix), count_only: true }
        return number(await ask(source.urls(), { path: '/v3/kv/range', body: asked, signal }), 'count')
      }),
    keys: (prefix) => ({
      ...reading(source, `keys under ${prefix}`, async (signal) =>
        (await range(prefix, signal)).map(({ key }) => key),
      ),
      [own]: (assertion: Assertion): StoreKeysMatchers => ({
        toExpire: (options) => claimExpiry({ name, prefix, source }, options, assertion),
      }),
    }),
    entries: (prefix) =>
      reading(source, `entries under ${prefix}`, async (signal) => {
        return new Map((await range(prefix, signal)).map(({ key, value }) => [key, value]))
      }),
    value: (key) => reading(source, `value of ${key}`, (signal) => readValue(source, key, signal)),
    ttls: (prefix) => reading(source, `TTLs under ${prefix}`, (signal) => readTtls(source, prefix, signal)),
    changes: (prefix) =>
      reading(source, `changes under ${prefix}`, async (signal) =>
        (await history.read(source.urls(), signal)).filter(({ key }) => key.startsWith(prefix)),
      ),
    put: (key, value, options) => put(source, { key, value, ttl: options?.ttl }),
    async remove(prefix) {
      return number(await insist(source.urls(), '/v3/kv/deleterange', rangeOf(prefix)), 'deleted')
    },
  }
}

/** A store as the script names it, before anything runs. */
export interface Source {
  readonly name: string
  readonly about: ReadonlySet<Owner>
  urls(): string
}

function reading<T>(
  { name, about }: Source,
  what: string,
  read: (signal?: AbortSignal) => Promise<T>,
): Reading<T> {
  const describe = `${what} in ${name}`
  return {
    describe,
    about,
    phrasing,
    read: (signal) => sense({ kind: 'record', name: describe }, () => read(signal)),
  }
}

const phrasing: Phrasing = { failed: 'not what the store should hold', looked: lookAt }

function lookAt(found: unknown): string {
  if (found instanceof Map) return String(found.size)
  return String(Array.isArray(found) ? found.length : found)
}

/** Every key under a prefix, sorted, as of one moment. */
export async function readRange(
  source: Source,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<readonly Entry[]> {
  const asked = { ...rangeOf(prefix), sort_target: 'KEY', sort_order: 'ASCEND' }
  return list(await ask(source.urls(), { path: '/v3/kv/range', body: asked, signal }), 'kvs').map(readEntry)
}

/** How long a lease lives from its last renewal, and how long it still does; undefined where it is gone. In whole seconds. */
export async function readLease(
  source: Source,
  id: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly granted: number; readonly left: number } | undefined> {
  const answer = await ask(source.urls(), { path: '/v3/lease/timetolive', body: { ID: id }, signal })
  const left = number(answer, 'TTL')
  return left < 0 ? undefined : { granted: number(answer, 'grantedTTL'), left }
}

async function readValue(source: Source, key: string, signal: AbortSignal | undefined): Promise<string> {
  const answer = await ask(source.urls(), { path: '/v3/kv/range', body: { key: encode(key) }, signal })
  const [first] = list(answer, 'kvs').map(readEntry)
  if (first !== undefined) return first.value
  throw new Failure(`there is no key ${key} in ${source.name}`)
}

async function readTtls(
  source: Source,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Period | 'none'>> {
  const found = new Map<string, Period | 'none'>()
  for (const { key, lease } of await readRange(source, prefix, signal)) {
    const ttl = lease === undefined ? 'none' : await readLease(source, lease, signal)
    if (ttl === 'none') found.set(key, 'none')
    else if (ttl !== undefined) found.set(key, period(ttl.left * 1000))
  }
  return found
}

async function put(
  source: Source,
  { key, value, ttl }: { readonly key: string; readonly value: string; readonly ttl: number | undefined },
): Promise<void> {
  const lease =
    ttl === undefined
      ? {}
      : { lease: Reflect.get(Object(await insist(source.urls(), '/v3/lease/grant', { TTL: ttl })), 'ID') }
  await insist(source.urls(), '/v3/kv/put', { key: encode(key), value: encode(value), ...lease })
}
