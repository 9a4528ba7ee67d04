import { show } from '../show.ts'
import { type Command, type Connection, openConnection } from './connection.ts'
import { readScan } from './reply.ts'
import type { Source } from './target.ts'

/** Keys whose type and time to live are looked at, and keys of which also what is in them is shown. */
const KEYS = 500
const VALUES = 50
/** Fields, members or elements of one key. */
const PARTS = 20

/** What a Redis says of itself, and a sample of the keys that the script may look at, as files by their names. Only reads. */
export async function sampleRedis(
  source: Source,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const connection = await openConnection(source.target())
  try {
    const [info] = await connection.ask([['INFO', 'everything']], { signal })
    return {
      'info.txt': String(info).replaceAll('\r\n', '\n'),
      'keys.txt': await sampleKeys(connection, `${source.access.prefix}*`, signal),
    }
  } finally {
    connection.close()
  }
}

async function sampleKeys({ ask }: Connection, pattern: string, signal: AbortSignal): Promise<string> {
  const [size, reply] = await ask([['DBSIZE'], ['SCAN', '0', 'MATCH', pattern, 'COUNT', 2 * KEYS]], {
    signal,
  })
  const keys = readScan(reply).keys.toSorted().slice(0, KEYS)
  const facts = await ask(
    keys.flatMap((key): readonly Command[] => [
      ['TYPE', key],
      ['PTTL', key],
    ]),
    { signal },
  )
  const typeOf = (index: number) => String(facts[2 * index])
  const read = keys.slice(0, VALUES).map((key, index) => readerOf(typeOf(index), key))
  const values = await ask(read, { signal })
  const lines = keys.map((key, index) => {
    const value = values[index] === undefined ? '' : `  ${show(values[index])}`
    return `${String(facts[2 * index + 1]).padStart(9)}  ${typeOf(index).padEnd(6)}  ${key}${value}\n`
  })
  return `${keys.length} of ${String(size)} keys\n TTL (ms)  type    key\n${lines.join('')}`
}

function readerOf(type: string, key: string): Command {
  if (type === 'hash') return ['HGETALL', key]
  if (type === 'list') return ['LRANGE', key, 0, PARTS - 1]
  if (type === 'set') return ['SRANDMEMBER', key, PARTS]
  if (type === 'zset') return ['ZRANGE', key, 0, PARTS - 1, 'WITHSCORES']
  if (type === 'string') return ['GETRANGE', key, 0, 200]
  return ['TYPE', key]
}
