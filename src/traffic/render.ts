import { Buffer } from 'node:buffer'
import { UsageError } from '../error.ts'
import type { PlannedRequest, Target } from './plan.ts'

/** A request as the bytes that go over the wire, made once a run. */
export interface RenderedRequest {
  readonly bytes: Buffer
  readonly weight: number
  /** Under which it is counted. */
  readonly label: string
  /** For messages: `GET /status`. */
  readonly title: string
  /** The answer to HEAD has no body, whatever its headers say. */
  readonly isHead: boolean
  /** It asks the server to close the connection after the answer. */
  readonly closes: boolean
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const PATH = /^\/[\x21-\x22\x24-\x7e]*$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const FRAMING: readonly string[] = ['content-length', 'transfer-encoding']
const WITH_BODY: readonly string[] = ['POST', 'PUT', 'PATCH']

/** The bytes of a request; throws a UsageError for what would not be exactly one HTTP/1.1 request. */
export function renderRequest(request: PlannedRequest, target: Target): RenderedRequest {
  const { method, path } = request
  if (!TOKEN.test(method))
    throw new UsageError(`not a method: ${JSON.stringify(method)}`, { hint: "such as 'GET'" })
  if (!PATH.test(path)) {
    throw new UsageError(`not a path: ${JSON.stringify(path)}`, {
      hint: "it starts with / and has no blanks, # or letters outside ASCII: percent-encode them ('/a%20b')",
    })
  }
  const headers = Object.entries(request.headers ?? {})
  for (const [name, value] of headers) checkHeader(name, value)
  const given = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]))
  const body = Buffer.from(request.body ?? '')
  if (!given.has('host')) headers.unshift(['Host', hostOf(target)])
  if (!given.has('user-agent')) headers.push(['User-Agent', 'shakedown'])
  if (body.length > 0 || WITH_BODY.includes(method)) headers.push(['Content-Length', String(body.length)])
  const lines = [`${method} ${path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  return {
    bytes: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]),
    weight: request.weight,
    label: request.label ?? path,
    title: `${method} ${path}`,
    isHead: method === 'HEAD',
    closes: /\bclose\b/i.test(given.get('connection') ?? ''),
  }
}

function checkHeader(name: string, value: string): void {
  if (!TOKEN.test(name)) throw new UsageError(`not a header name: ${JSON.stringify(name)}`)
  if (!HEADER_VALUE.test(value)) {
    throw new UsageError(`the header ${name} has a value that cannot be sent: ${JSON.stringify(value)}`)
  }
  if (FRAMING.includes(name.toLowerCase())) {
    throw new UsageError(`the header ${name} is not yours to set`, {
      hint: 'the length is taken from the body',
    })
  }
}

function hostOf({ host, port }: Target): string {
  const name = host.includes(':') ? `[${host}]` : host
  return port === 80 ? name : `${name}:${port}`
}
