import { networkInterfaces } from 'node:os'
import { each, expect, oneOf, step } from 'shakedown'
import { mark } from './counting.ts'
import { measured } from './measured.ts'
import { openWire, statusLine } from './wire.ts'
import type { App } from './workers.ts'

/** A request as it goes over the wire, and what is to come of it. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly query?: string
  readonly protocol?: '1.0' | '1.1'
  readonly headers?: Readonly<Record<string, string>>
  /** Each byte is a character. */
  readonly body?: string
  /** What the application is to be told, where that is not what was sent. */
  readonly told?: { readonly path?: string; readonly headers?: Readonly<Record<string, string>> }
  /** The first line of the answer, and what else is to be in it. */
  readonly answer?: string
  readonly within?: RegExp
}

const HOST = 'shop.example'
const OK = 'HTTP/1.1 200 OK'
/** Longer than the lines that people set limits to, shorter than what gunicorn refuses by itself. */
const LONG = 'x'.repeat(3000)
/** What a browser sends that knows us. */
const BROWSER = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)',
  Accept: 'text/html, */*;q=0.8',
  'Accept-Language': 'de, en;q=0.5',
  'Accept-Encoding': 'gzip, br',
  Cookie: `session=${LONG}; seen=1`,
  Authorization: 'Basic c29tZWJvZHk6ZWxzZQ==',
  Origin: `http://${HOST}`,
  Referer: `http://${HOST}/`,
  DNT: '1',
  'X-Word': 'shake',
}

/** Requests that differ in what somebody might count, or serve, otherwise. */
const REQUESTS: Readonly<Record<string, Asked>> = {
  'a form from a browser': {
    method: 'PUT',
    path: '/Mirror',
    query: 'word=%C3%A4&word=2',
    // In the environment of an application both names are one: nobody may forge what a proxy says.
    headers: { ...BROWSER, X_Word: 'forged', 'Content-Type': 'application/x-www-form-urlencoded' },
    told: { headers: { HTTP_X_WORD: 'shake' } },
    body: 'word=shake',
  },
  'a body in chunks': {
    method: 'PATCH',
    path: '/Mirror/%2541',
    headers: { 'Transfer-Encoding': 'chunked' },
    body: 'no text: \u0000\u00e4\u00ff',
    told: { path: '/Mirror/%41' },
  },
  'a robot, with a long query': {
    method: 'DELETE',
    path: '/Mirror',
    query: LONG,
    headers: { 'User-Agent': 'robot/1.0 (bot)', 'X-Word': 'shake', 'x-word': 'again' },
    told: { headers: { HTTP_X_WORD: 'shake,again' } },
  },
  'a client of HTTP/1.0': { method: 'GET', path: '/Mirror', protocol: '1.0', answer: 'HTTP/1.0 200 OK' },
  'a question for what is allowed': { method: 'OPTIONS', path: '/Mirror' },
  'a question for the headers only': { method: 'HEAD', path: '/Mirror' },
  'an answer that sends elsewhere, with two cookies': {
    method: 'GET',
    path: '/moved',
    answer: 'HTTP/1.1 302 Found',
    within: /Location: \/\r\nSet-Cookie: one=1\r\nSet-Cookie: two=2\r\n/,
  },
  'an answer without a body': { method: 'GET', path: '/nothing', answer: 'HTTP/1.1 204 No Content' },
}

/** Claims that the application is told what was asked, is answered as it wants, and that each request counts as one. */
export async function verifyRequests(app: App): Promise<void> {
  await each('a request arrives as it was sent, and counts once', Object.keys(REQUESTS), async (name) => {
    const asked = REQUESTS[name] ?? { method: '', path: '' }
    const counted = await mark(app)
    using wire = await openWire(app)
    wire.write(writeRequest(asked))
    const answer = await wire.rest()
    await expect(measured('the first line of the answer', statusLine(answer))).toBe(asked.answer ?? OK)
    await expect(measured('the answer', answer)).toMatch(asked.within ?? /\r\n\r\n/)
    if (asked.path.startsWith('/Mirror') && asked.method !== 'HEAD') await expectMirrored(asked, answer)
    await counted.toBe(1)
  })

  await step('what is sent bit by bit arrives bit by bit', { proves: ['GUN-008'] }, async () => {
    const counted = await mark(app)
    using wire = await openWire(app)
    wire.write(writeRequest({ method: 'POST', path: '/stream', headers: { 'Content-Length': '7' } }))
    // The application has begun to answer, and waits for the rest of the question.
    await expect(wire.received).toMatch(/begun, /)
    wire.write('the end')
    await expect(measured('all that was answered', await wire.rest())).toMatch(/begun, .*the end/s)
    await counted.toBe(1)
  })
}

/** Claims that the application saw what was sent: by whom, how, and with which headers. */
async function expectMirrored(asked: Asked, answer: string): Promise<void> {
  const { method, path, query = '', protocol = '1.1', headers = {}, body = '' } = asked
  const { from, ...mirrored }: Record<string, unknown> = JSON.parse(/\{.*\}/s.exec(answer)?.[0] ?? '{}')
  const { 'Content-Type': type = '', ...others } = headers
  const names = Object.entries({ Host: HOST, ...others }).map(([name, value]) => {
    return [`HTTP_${name.toUpperCase().replaceAll('-', '_')}`, value] as const
  })
  const wanted = {
    scheme: 'http',
    protocol: `HTTP/${protocol}`,
    method,
    path: asked.told?.path ?? path,
    query,
    type,
    headers: { ...Object.fromEntries(names), ...asked.told?.headers },
    body,
  }
  await expect(measured('what the application was told', mirrored)).toEqual(wanted)
  await expect(measured('the address that it was told', from)).toBe(oneOf(...ownAddresses()))
}

/** Where a request of ours may come from: in a container it is not 127.0.0.1. */
function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address))
}

function writeRequest({ method, path, query, protocol = '1.1', headers = {}, body }: Asked): string {
  const inChunks = headers['Transfer-Encoding'] === 'chunked'
  const lines = [
    `${method} ${path}${query === undefined ? '' : `?${query}`} HTTP/${protocol}`,
    `Host: ${HOST}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined || inChunks ? [] : [`Content-Length: ${body.length}`]),
  ]
  const content = inChunks ? `${body?.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : (body ?? '')
  return `${lines.join('\r\n')}\r\n\r\n${content}`
}
