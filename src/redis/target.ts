import { UsageError } from '../error.ts'
import { secret } from '../redact.ts'
import { describeWord, type Owner, ownersOf, type Reference, resolve } from '../reference.ts'
import { type Access, accessTo, type Login } from './access.ts'

/** Where a Redis is: `host:port` or `redis://…`, as text or as a reference; a service is one to its main address. */
export type RedisAddress = Reference<string> | string

/** Which part of a Redis is looked at. */
export interface RedisOptions {
  /** The number of the database, in place of the one that the address names. */
  readonly db?: number
  /** How the script's own keys begin, in a Redis that others use too. */
  readonly prefix?: string
}

/** A Redis as the script names it, before anything runs. */
export interface Source {
  /** What messages call it. */
  readonly name: string
  readonly access: Access
  readonly about: ReadonlySet<Owner>
  /** Where it is; throws a UsageError for as long as that is not known. */
  target(): Target
}

/** A Redis that can be connected to. */
export interface Target extends Place {
  /** The same for the same keys: those below that prefix, in that database of that server. */
  readonly key: string
  readonly name: string
  readonly access: Access
}

/** What an address says. */
export interface Place extends Login {
  readonly host: string
  readonly port: number
  readonly db: number
}

const ids = new WeakMap<Owner, number>()
let count = 0

/** The Redis at an address. Throws a UsageError at once for an address or option that can never work. */
export function createSource(address: RedisAddress, options: RedisOptions = {}): Source {
  const { db, prefix } = options
  if (db !== undefined && !(Number.isInteger(db) && db >= 0))
    throw new UsageError(`not a database of Redis: ${db}`, { hint: 'they are numbered from 0' })
  const access = accessTo(address, prefix)
  const about = typeof address === 'string' ? new Set<Owner>() : ownersOf(address)
  const whose = [...about].map(idOf).join('+')
  const name = typeof address === 'string' ? describe(parseAddress(address)) : describeWord(address)
  return {
    name,
    access,
    about,
    target() {
      const place = parseAddress(typeof address === 'string' ? address : resolve(address))
      const number = db ?? (place.db || access.db) ?? 0
      return {
        ...place,
        ...access.login,
        db: number,
        name,
        access,
        key: `${whose}@${place.host}:${place.port}/${number}/${access.prefix}`,
      }
    },
  }
}

/** The parts of `host:port` or `redis://user:password@host:port/db`; throws a UsageError for anything else. */
export function parseAddress(address: string): Place {
  const url = URL.parse(address.includes('://') ? address : `redis://${address}`)
  const db = url?.pathname.replace(/^\//, '') || '0'
  if (
    url === null ||
    !['redis:', 'rediss:'].includes(url.protocol) ||
    url.hostname === '' ||
    !/^\d+$/.test(db)
  )
    throw new UsageError(`not the address of a Redis: ${address.replace(/:[^:@/]*@/, ':…@')}`, {
      hint: "write 'host:port' or 'redis://host:port/0', or pass a reference",
    })
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    db: Number(db),
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : secret(decodeURIComponent(url.password)),
    tls: url.protocol === 'rediss:',
  }
}

function describe({ host, port }: Place): string {
  return `${host}:${port}`
}

function idOf(owner: Owner): number {
  const known = ids.get(owner)
  if (known !== undefined) return known
  count += 1
  ids.set(owner, count)
  return count
}
