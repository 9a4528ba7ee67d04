import { Failure } from '../error.ts'
import type { Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { checkKey, checkPattern } from './access.ts'
import { connect } from './connection.ts'
import { scan } from './look.ts'
import { readInfo, readRecord, readText } from './reply.ts'
import { createSource, type RedisAddress, type RedisOptions, type Source } from './target.ts'

type Fields = Readonly<Record<string, string>>

/** The fields of a hash. Reading it fails where there is no such key, or where it is no hash. */
export function hash(redis: RedisAddress, key: string, options?: RedisOptions): Reading<Fields> {
  const source = createSource(redis, options)
  checkKey(source.access, key)
  return {
    describe: `hash ${key} in ${source.name}`,
    about: source.about,
    phrasing: { failed: 'not the expected hash' },
    async read(signal) {
      const sensed = { kind: 'record', name: `hash ${key} in ${source.name}` } as const
      const fields = (await sense(sensed, () => askHashes(source, [key], signal))).get(key)
      if (fields === undefined) throw new Failure(`there is no key ${key} in ${source.name}`)
      return fields
    },
  }
}

/** Every hash under a pattern by its key. Reading them fails where one of the keys is no hash. */
export function hashes(
  redis: RedisAddress,
  pattern: string,
  options?: RedisOptions,
): Reading<ReadonlyMap<string, Fields>> {
  const source = createSource(redis, options)
  checkPattern(source.access, pattern)
  return {
    describe: `hashes ${pattern} in ${source.name}`,
    about: source.about,
    phrasing: { failed: 'not the expected hashes' },
    read: (signal) =>
      sense({ kind: 'record', name: `hashes ${pattern} in ${source.name}` }, async () => {
        const connection = await connect(source.target())
        const { keys } = await scan(connection, pattern, { signal })
        return askHashes(source, keys.toSorted(), signal)
      }),
  }
}

/** What kind of value a key has, in Redis' own word: `hash`, `string`, `list`, …; `none` where there is no such key. */
export function type(redis: RedisAddress, key: string, options?: RedisOptions): Reading<string> {
  const source = createSource(redis, options)
  checkKey(source.access, key)
  return {
    describe: `type of ${key} in ${source.name}`,
    about: source.about,
    phrasing: { failed: 'not the expected type' },
    read: (signal) =>
      sense({ kind: 'record', name: `type of ${key} in ${source.name}` }, async () => {
        const connection = await connect(source.target())
        const [reply] = await connection.ask([['TYPE', key]], { signal })
        return readText(reply, `TYPE ${key}`)
      }),
  }
}

/** What the server says about itself: all of INFO, or one section of it. */
export function info(redis: RedisAddress, section?: string, options?: RedisOptions): Reading<Fields> {
  const source = createSource(redis, options)
  const describe = `INFO ${section ?? ''}`.trim().concat(` of ${source.name}`)
  return {
    describe,
    about: source.about,
    read: (signal) =>
      sense({ kind: 'record', name: describe }, async () => {
        const connection = await connect(source.target())
        const [reply] = await connection.ask([section === undefined ? ['INFO'] : ['INFO', section]], {
          signal,
        })
        return readInfo(reply)
      }),
  }
}

/** The memory that the server uses for its data and itself, in bytes: `used_memory` of INFO. */
export function memory(redis: RedisAddress, options?: RedisOptions): Reading<number> {
  const { describe: _, read, ...rest } = info(redis, 'memory', options)
  return {
    ...rest,
    describe: `memory of ${createSource(redis, options).name}`,
    phrasing: { failed: 'not the expected memory' },
    read: (signal) =>
      sense({ kind: 'record', name: `memory of ${createSource(redis, options).name}` }, async () => {
        const used = Number((await read(signal))['used_memory'])
        if (Number.isNaN(used)) throw new Failure('Redis did not tell how much memory it uses')
        return used
      }),
  }
}

/** Keys that are gone by then are not in the answer. */
async function askHashes(
  source: Source,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Fields>> {
  const connection = await connect(source.target())
  const replies =
    keys.length === 0
      ? []
      : await connection.ask(
          keys.map((key) => ['HGETALL', key]),
          { signal },
        )
  const found = new Map<string, Fields>()
  for (const [index, key] of keys.entries()) {
    const fields = readRecord(replies[index], `HGETALL ${key}`)
    if (Object.keys(fields).length > 0) found.set(key, fields)
  }
  return found
}
