import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../error.ts'
import { type Command, type Connection, openConnection } from '../redis/connection.ts'
import type { Source } from '../redis/target.ts'

/** Set by the watch over keys itself. */
const OWN = 'notify-keyspace-events'
const FILE = 'settings.json'
const RESET: readonly Command[] = [
  ['FLUSHALL'],
  ['SCRIPT', 'FLUSH'],
  ['FUNCTION', 'FLUSH'],
  // Last: what was flushed must not count as deletions of the next run.
  ['CONFIG', 'RESETSTAT'],
]

/** Remembers how a server of our own was set when it came up, in its folder. */
export async function noteSettings(source: Source, dir: string): Promise<void> {
  const file = join(dir, FILE)
  if (!existsSync(file)) writeFileSync(file, await withConnection(source, readSettings))
}

/** Empties it, so that it is as it was when it had just come up. Rejects where its settings are not those any more. */
export function resetRedis(source: Source, dir: string): Promise<void> {
  return withConnection(source, async (connection) => {
    if ((await readSettings(connection)) !== readFileSync(join(dir, FILE), 'utf8'))
      throw new Failure('its settings were changed')
    const refused = (await connection.ask(RESET)).find((reply) => reply instanceof Error)
    if (refused !== undefined) throw refused
  })
}

async function readSettings({ ask }: Connection): Promise<string> {
  const [reply] = await ask([['CONFIG', 'GET', '*']])
  const words = Array.isArray(reply) ? reply.map(String) : []
  const pairs = words.flatMap((name, index) =>
    index % 2 === 0 && name !== OWN ? [[name, words[index + 1]]] : [],
  )
  return JSON.stringify(pairs.sort())
}

async function withConnection<T>(source: Source, act: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await openConnection(source.target())
  try {
    return await act(connection)
  } finally {
    connection.close()
  }
}
