import { connect, type Socket } from 'node:net'
import { getBuiltinModule } from 'node:process'
import { shorten } from '../show.ts'
import type { Checked } from './spec.ts'

/** One attempt may take this long, in milliseconds; a server that accepts and says nothing is not ready. */
const PATIENCE = 5000
/** Of an answer that is not the one that is waited for, so many characters are looked at. */
const LONGEST_ANSWER = 4096

/** Where a probe looks. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly secure?: boolean | undefined
  /** What stands before every path there. */
  readonly base?: string | undefined
}

/** Ready when somebody accepts a connection there. */
export function probeTcp(target: Target, signal: AbortSignal): Promise<Checked> {
  return new Promise((resolve) => {
    const socket = open(target, signal)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', (error) => resolve(`${target.host}:${target.port} ${describeError(error)}`))
  })
}

/**
 * Ready when a GET is answered with that status; with any from 200 to 399 where none is given. Spoken by hand: `node:http`
 * takes longer to load than most programs to start.
 */
export function probeHttp(
  target: Target & { readonly path: string; readonly status?: number | undefined },
  signal: AbortSignal,
): Promise<Checked> {
  const { host, port, base = '' } = target
  const path = base + target.path
  return new Promise((resolve) => {
    const socket = open(target, signal)
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => {
      socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
      )
    })
    socket.on('data', (text: string) => {
      if (answer.length < LONGEST_ANSWER) answer += text
      // The rest is still read: a server should not find its client gone in the middle of an answer.
      if (answer.includes('\r\n') && isWanted(answer, target.status)) resolve(true)
    })
    socket.on('close', () => resolve(describeAnswer(path, answer)))
    socket.on('error', (error) => resolve(`GET ${path} of ${host}:${port} ${describeError(error)}`))
  })
}

function open({ host, port, secure }: Target, signal: AbortSignal): Socket {
  const over = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
  const socket = connect({ host, port, signal: over })
  // Loaded where it is needed: hardly anything that a script starts speaks TLS.
  return secure === true ? getBuiltinModule('node:tls').connect({ socket, servername: host }) : socket
}

function isWanted(answer: string, wanted: number | undefined): boolean {
  const status = statusOf(answer)
  return wanted === undefined ? status >= 200 && status < 400 : status === wanted
}

function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1] ?? 0)
}

function describeAnswer(path: string, answer: string): string {
  const status = statusOf(answer)
  if (status === 0) return `GET ${path} gave no HTTP answer: ${JSON.stringify(shorten(answer, 80))}`
  const [head = '', ...rest] = answer.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  const said = /^transfer-encoding: *chunked/im.test(head) ? joinChunks(body) : body
  return `GET ${path} gave ${status}${said.trim() === '' ? '' : ` ${JSON.stringify(shorten(said.trim(), 80))}`}`
}

/** `5\r\nhello\r\n0\r\n\r\n` without its sizes. */
function joinChunks(body: string): string {
  return body.replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n/gi, '')
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'was reset',
  EPIPE: 'was reset',
  ABORT_ERR: 'did not answer in time',
}

function describeError(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  return WORDS[code] ?? `failed: ${error.message}`
}
