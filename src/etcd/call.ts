import { request } from 'node:http'
import { Failure, toError } from '../error.ts'
import { describeNetworkError } from '../http/send.ts'
import { poll } from '../wait/poll.ts'
import { part } from './wire.ts'

/** A member that is alive answers within this, in milliseconds; one that has no leader hangs for seconds. */
const PATIENCE = 1000

/** What a cluster is asked, and how. */
export interface Question {
  readonly path: `/v3/${string}`
  readonly body: object
  readonly signal?: AbortSignal | undefined
  /** Milliseconds that one member may take; 1000 where it is not given. */
  readonly patience?: number
}

/**
 * Asks the members one after the other until one answers. Rejects with a Failure that says what each of them said. `urls` are
 * joined with commas, as etcd's own tools take them.
 */
export async function ask(urls: string, question: Question): Promise<unknown> {
  const failures: string[] = []
  for (const url of urls.split(',')) {
    question.signal?.throwIfAborted()
    try {
      return await askOne(url, question)
    } catch (error) {
      if (question.signal?.aborted === true) throw question.signal.reason
      failures.push(toError(error).message)
    }
  }
  throw new Failure(`no member of etcd answered ${question.path}: ${failures.join('; ')}`)
}

/** The same, asked again for up to 10 s: for what must happen while a cluster elects its leader. Only for what may be done twice. */
export async function insist(urls: string, path: Question['path'], body: object): Promise<unknown> {
  const waited = await poll((signal) => ask(urls, { path, body, signal }), {
    what: `etcd to answer ${path}`,
    within: 10_000,
    judge: () => ({ met: true }),
  })
  if (waited.ended === 'met') return waited.value
  throw waited.error ?? new Failure(`no member of etcd answered ${path}`)
}

/** Asks one member once. */
export function askOne(url: string, question: Question): Promise<unknown> {
  const { path, body } = question
  const patience = AbortSignal.timeout(question.patience ?? PATIENCE)
  const signal = question.signal === undefined ? patience : AbortSignal.any([question.signal, patience])
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      const why = patience.aborted ? 'it does not answer' : describeNetworkError(error)
      reject(new Failure(`${url}: ${why}`, { cause: error }))
    }
    const sent = request(`${url}${path}`, { method: 'POST', agent: false, signal }, (answer) => {
      const chunks: Uint8Array[] = []
      answer.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      answer.on('error', fail)
      answer.on('end', () => {
        try {
          resolve(readAnswer(Buffer.concat(chunks).toString(), answer.statusCode))
        } catch (error) {
          fail(error)
        }
      })
    })
    sent.on('error', fail)
    sent.end(JSON.stringify(body))
  })
}

function readAnswer(text: string, status: number | undefined): unknown {
  const answer: unknown = JSON.parse(text)
  if (status === 200) return answer
  throw new Error(`${status}: ${String(part(answer, 'message') ?? part(answer, 'error') ?? text)}`)
}
