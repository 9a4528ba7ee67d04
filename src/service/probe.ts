import { request } from 'node:http'
import { connect } from 'node:net'
import { shorten } from '../show.ts'
import type { Checked } from './spec.ts'

/** One attempt may take this long, in milliseconds; a server that accepts and says nothing is not ready. */
const PATIENCE = 5000

/** Where a probe looks. */
export interface Target {
  readonly host: string
  readonly port: number
}

/** Ready when somebody accepts a connection there. */
export function probeTcp({ host, port }: Target, signal: AbortSignal): Promise<Checked> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal: bound(signal) })
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', (error) => resolve(`${host}:${port} ${describeError(error)}`))
  })
}

/** Ready when a GET is answered with that status; with any from 200 to 399 where none is given. */
export function probeHttp(
  target: Target & { path: string; status?: number | undefined },
  signal: AbortSignal,
): Promise<Checked> {
  const { host, port, path, status } = target
  return new Promise((resolve) => {
    const asking = request({ host, port, path, agent: false, signal: bound(signal) }, (answer) => {
      const { statusCode = 0 } = answer
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        body = (body + chunk).slice(0, 1000)
      })
      answer.on('close', () => {
        const met = status === undefined ? statusCode >= 200 && statusCode < 400 : statusCode === status
        const said = body.trim() === '' ? '' : ` ${JSON.stringify(shorten(body.trim(), 80))}`
        resolve(met || `GET ${path} gave ${statusCode}${said}`)
      })
      answer.on('error', () => {
        // 'close' follows, and tells what had arrived.
      })
    })
    asking.on('error', (error) => resolve(`GET ${path} of ${host}:${port} ${describeError(error)}`))
    asking.end()
  })
}

function bound(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
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
