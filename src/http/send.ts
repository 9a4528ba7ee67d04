import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Dispatcher } from 'undici'
import { Failure, UsageError } from '../error.ts'
import { render, type Word } from '../reference.ts'
import { type Answer, createAnswer } from './answer.ts'

/** A certificate and its key, as files. */
export interface Identity {
  readonly certificate: Word
  readonly key: Word
}

/** Through which door a server is spoken to. */
export interface Door {
  /** The client's own certificate, for servers that ask for one. */
  readonly certificate?: Identity
  /** The authority that the server's certificate must come from, as a file. */
  readonly authority?: Word
}

/** A request as it goes on the wire, once its references are resolved. */
export interface Outgoing {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  /** A file to upload as multipart form data, in the field `file`. */
  readonly file?: string | undefined
  readonly door?: Door | undefined
  /** Milliseconds after which an answer is given up. */
  readonly patience?: number | undefined
}

const PATIENCE = 30_000

/**
 * Sends a request once, on a connection of its own, and reads the whole answer. Any status is an answer; rejects with a
 * Failure that names the cause when there is none: refused, reset, timed out, not trusted.
 */
export async function send(outgoing: Outgoing, signal?: AbortSignal): Promise<Answer> {
  const { request } = await import('undici')
  const patience = outgoing.patience ?? PATIENCE
  const over = AbortSignal.timeout(patience)
  const began = performance.now()
  const dispatcher = await createDispatcher(outgoing.door)
  try {
    const received = await request(outgoing.url, {
      method: outgoing.method as Dispatcher.HttpMethod, // a method is a word; the server judges it
      headers: { ...outgoing.headers },
      body: await createBody(outgoing),
      dispatcher,
      signal: signal ? AbortSignal.any([signal, over]) : over,
    })
    const text = await received.body.text()
    return createAnswer({
      status: received.statusCode,
      headers: received.headers,
      text,
      milliseconds: performance.now() - began,
    })
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    const why = over.aborted ? `timed out: no answer within ${patience / 1000}s` : describeNetworkError(error)
    throw new Failure(`no answer to ${outgoing.method} ${outgoing.url}: ${why}`, { cause: error })
  } finally {
    // One connection a request: nothing is ever sent again on a connection that the server had closed meanwhile.
    await dispatcher.destroy()
  }
}

/** Why there was no answer, in words that can be searched for: `refused (ECONNREFUSED 127.0.0.1:80)`. */
export function describeNetworkError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause
  const code = codeOf(error) ?? codeOf(inner)
  const message = error.message || (inner instanceof Error ? inner.message : '')
  const word = code === undefined ? undefined : WORDS[code]
  return [word, message || code].filter((part) => part !== undefined).join(': ')
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'closed before the whole answer was there',
  ENOTFOUND: 'unknown host',
  ETIMEDOUT: 'timed out',
  UND_ERR_CONNECT_TIMEOUT: 'timed out',
  UND_ERR_HEADERS_TIMEOUT: 'timed out',
  UND_ERR_BODY_TIMEOUT: 'timed out',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate not trusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another name',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'certificate required',
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

async function createDispatcher(door: Door | undefined): Promise<Dispatcher> {
  const { Agent } = await import('undici')
  const { certificate, authority } = door ?? {}
  const ca = authority === undefined ? {} : { ca: await readFile(render(authority)) }
  const own =
    certificate === undefined
      ? {}
      : {
          cert: await readFile(render(certificate.certificate)),
          key: await readFile(render(certificate.key)),
        }
  return new Agent({ pipelining: 0, headersTimeout: 0, bodyTimeout: 0, connect: { ...ca, ...own } })
}

async function createBody({ body, file }: Outgoing) {
  if (file === undefined) return body ?? null
  const [{ FormData }, { openAsBlob }] = await Promise.all([import('undici'), import('node:fs')])
  const form = new FormData()
  form.set('file', await openFile(openAsBlob, file), basename(file))
  return form
}

async function openFile(open: (path: string) => Promise<Blob>, file: string): Promise<Blob> {
  try {
    return await open(file)
  } catch (cause) {
    throw new UsageError(`cannot upload ${file}`, {
      hint: 'the path is relative to the working directory',
      cause,
    })
  }
}
