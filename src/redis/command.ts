import { Failure, UsageError } from '../error.ts'
import { describeWord, render, type Word } from '../reference.ts'
import type { Reading } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { type Command, type Connection, connect } from './connection.ts'
import { readTexts } from './reply.ts'
import { createSource, type RedisAddress } from './target.ts'

/** Without keys, and they tell about nobody's data. */
const HARMLESS: ReadonlySet<string> = new Set(['PING', 'TIME', 'INFO', 'ECHO'])
/** Only read, so that a claim may look again and again. Others are sent once, unless the script gives `within`. */
const READING = new RegExp(
  `^(${[
    'PING|TIME|INFO|ECHO|DBSIZE|EXISTS|TYPE|TTL|PTTL|EXPIRETIME|PEXPIRETIME|KEYS|OBJECT|DUMP|LASTSAVE|MEMORY',
    'GET|MGET|STRLEN|GETRANGE|GETBIT|BITCOUNT|HGET|HMGET|HGETALL|HLEN|HKEYS|HVALS|HEXISTS|HSTRLEN',
    'LLEN|LRANGE|LINDEX|LPOS|SCARD|SMEMBERS|SISMEMBER|SMISMEMBER|SINTER|SUNION|SDIFF',
    'ZCARD|ZCOUNT|ZRANGE|ZRANGEBYSCORE|ZSCORE|ZMSCORE|ZRANK|XLEN|XRANGE|XINFO|XPENDING|PFCOUNT|PUBSUB',
  ].join('|')})$`,
)

/**
 * The reply to any other command, as Redis gives it. In a Redis that is not the script's own, only commands that read are
 * sent, and only to keys that begin with its prefix; for others reading fails with a UsageError.
 */
export function command(redis: RedisAddress, name: string, ...words: readonly Word[]): Reading<unknown> {
  const source = createSource(redis)
  const verb = name.toUpperCase()
  const describe = `${[verb, ...words.map(describeWord)].join(' ')} in ${source.name}`
  const send = async (signal?: AbortSignal) => {
    const target = source.target()
    const connection = await connect(target)
    const line: Command = [verb, ...words.map((word) => render(word))]
    if (!target.access.own) await refuseForeign(connection, line, target.access.prefix)
    const [reply] = await connection.ask([line], { signal })
    if (!(reply instanceof Error)) return reply
    throw new Failure(`Redis refused ${line.join(' ')}: ${reply.message}`, { cause: reply })
  }
  return {
    describe,
    about: source.about,
    once: !READING.test(verb),
    phrasing: { failed: 'not the expected reply' },
    read: (signal) => sense({ kind: 'record', name: describe }, () => send(signal)),
  }
}

/** The server itself says which commands write, and which words of a command are keys. */
async function refuseForeign(connection: Connection, line: Command, prefix: string): Promise<void> {
  const [verb] = line
  if (HARMLESS.has(verb)) return
  const [about, keys] = await connection.ask([
    ['COMMAND', 'INFO', verb],
    ['COMMAND', 'GETKEYS', ...line],
  ])
  const flags = Array.isArray(about) && Array.isArray(about[0]) ? readTexts(about[0][2], 'COMMAND INFO') : []
  if (!flags.includes('readonly')) throw refuse(line, 'it does more than read')
  const named = keys instanceof Error ? [] : readTexts(keys, 'COMMAND GETKEYS')
  const foreign = named.find((key) => !key.startsWith(prefix))
  if (named.length === 0) throw refuse(line, 'it is not about keys by name')
  if (foreign !== undefined) throw refuse(line, `${foreign} does not begin with ${prefix}`)
}

function refuse(line: Command, why: string): UsageError {
  return new UsageError(`${line.join(' ')} is not sent to a Redis that others use, too: ${why}`, {
    hint: "use a Redis of the script's own: redis()",
  })
}
