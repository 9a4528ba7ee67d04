import { request } from 'node:http'
import { Failure } from '../error.ts'
import { describeNetworkError } from '../http/send.ts'
import { ask } from './call.ts'
import { type Entry, encode, list, number, part, rangeOf, readEntry } from './wire.ts'

/** Something that was done to a key. Changes of one transaction have the same revision. */
export interface Change extends Entry {
  readonly type: 'put' | 'delete'
}

/** Everything that was ever done in a store, as the store itself remembers it: nobody need have listened. */
export interface History {
  /** All changes up to now, in order. Rejects where the store has forgotten the older ones. */
  read(urls: string, signal?: AbortSignal): Promise<readonly Change[]>
}

/** The history of one store. What was read once is kept, and only the rest is asked for. */
export function createHistory(): History {
  const changes: Change[] = []
  let last: Promise<unknown> = Promise.resolve()

  async function catchUp(urls: string, signal: AbortSignal | undefined): Promise<readonly Change[]> {
    const now = number(
      part(await ask(urls, { path: '/v3/kv/range', body: { key: encode('\0') }, signal }), 'header'),
      'revision',
    )
    const seen = changes.at(-1)?.revision ?? 1
    // Every change of the store has a revision of its own: the stream has told all when it has told the last.
    if (now > seen) changes.push(...(await readFirst(urls, { from: seen + 1, to: now, signal })))
    return changes
  }

  return {
    read(urls, signal) {
      const next = last.then(() => catchUp(urls, signal))
      last = next.catch(() => {
        // Told to whoever asked; the next one begins where this one came to.
      })
      return next
    },
  }
}

interface Span {
  readonly from: number
  readonly to: number
  readonly signal: AbortSignal | undefined
}

async function readFirst(urls: string, span: Span): Promise<readonly Change[]> {
  const failures: string[] = []
  for (const url of urls.split(',')) {
    try {
      return await readFrom(url, span)
    } catch (error) {
      span.signal?.throwIfAborted()
      if (error instanceof Forgotten) throw error
      failures.push(`${url}: ${describeNetworkError(error)}`)
    }
  }
  throw new Failure(`no member of etcd tells its history: ${failures.join('; ')}`)
}

/** One member tells of a span within this, in milliseconds, however slow the machine is. */
const PATIENCE = 10_000

class Forgotten extends Failure {}

function readFrom(url: string, { from, to, signal }: Span): Promise<readonly Change[]> {
  const patience = AbortSignal.timeout(PATIENCE)
  const over = signal === undefined ? patience : AbortSignal.any([signal, patience])
  const body = { create_request: { ...rangeOf(''), start_revision: String(from) } }
  return new Promise((resolve, reject) => {
    const found: Change[] = []
    const sent = request(`${url}/v3/watch`, { method: 'POST', agent: false, signal: over }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('error', reject)
      answer.on('end', () => reject(new Error('it ended the stream')))
      answer.on('data', (chunk: string) => {
        const lines = (text + chunk).split('\n')
        text = lines.pop() ?? ''
        try {
          for (const line of lines) found.push(...readLine(line))
        } catch (error) {
          reject(error)
          sent.destroy()
        }
        if ((found.at(-1)?.revision ?? 0) < to) return
        resolve(found)
        sent.destroy()
      })
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

function readLine(line: string): readonly Change[] {
  if (line.trim() === '') return []
  const told: unknown = JSON.parse(line)
  const result = part(told, 'result')
  const compacted = number(result, 'compact_revision')
  if (compacted > 0)
    throw new Forgotten(`etcd has forgotten what was before revision ${compacted}: it was compacted`, {
      hint: 'start it without --auto-compaction-retention, or read the changes before it compacts',
    })
  if (result === undefined) throw new Error(String(part(part(told, 'error'), 'message') ?? line))
  return list(result, 'events').map((event) => ({
    ...readEntry(part(event, 'kv')),
    type: part(event, 'type') === 'DELETE' ? 'delete' : 'put',
  }))
}
