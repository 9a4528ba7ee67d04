import { lookup } from 'node:dns/promises'
import { existsSync } from 'node:fs'
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'
import type { Socket } from 'node:net'
import { homedir } from 'node:os'
import { env } from 'node:process'
import { buffer } from 'node:stream/consumers'
import { PreflightError, toError } from '../../error.ts'
import { wantedEngine } from '../chosen.ts'
import { refuseRemote, tellUnreachable } from './absent.ts'

/** What the engine answered: its status, and its JSON where it gave some. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** A question to the engine. */
export interface Question {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** In the place of a body: a tar archive. */
  readonly bytes?: Uint8Array
  readonly signal?: AbortSignal | undefined
  /** Which address; that of this process where it is not given. */
  readonly address?: string | undefined
}

/** Where engines listen when nobody says otherwise: Linux, Docker Desktop, rootless, Colima. */
const USUAL = [
  '/var/run/docker.sock',
  `${homedir()}/.docker/run/docker.sock`,
  `${env['XDG_RUNTIME_DIR'] ?? '/nowhere'}/docker.sock`,
  `${homedir()}/.colima/default/docker.sock`,
]

/**
 * The address of the engine: `--docker-host`, `DOCKER_HOST`, or the socket that is there. Throws a PreflightError where only the
 * environment names one of another machine: nobody may have meant to run a test there.
 */
export function engineAddress(): string {
  const wanted = wantedEngine()
  if (wanted !== undefined) return wanted
  const named = env['DOCKER_HOST']
  if (named === undefined || named === '')
    return `unix://${USUAL.find((path) => existsSync(path)) ?? USUAL[0]}`
  if (isNear(named)) return named
  throw refuseRemote(named)
}

/** True where the engine is one of another machine: it does not see the folders of this one, nor its processes. */
export function isRemote(): boolean {
  return !isNear(engineAddress())
}

/** Where ports are that it publishes: on the loopback, or at the one address of the other machine by which it is known. */
export async function publishedAt(): Promise<string> {
  if (!isRemote()) return '127.0.0.1'
  const { hostname } = new URL(engineAddress())
  return (await lookup(hostname.replace(/^\[|\]$/g, ''))).address
}

function isNear(address: string): boolean {
  return /^unix:\/\/|^npipe:\/\/|^tcp:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:\d+)?\/?$/.test(address)
}

const agents = new Map<string, Agent>()

/** Asks the engine, and gives whatever it answers; rejects with a PreflightError that says what to do where nobody answers. */
export async function ask(question: Question): Promise<Answer> {
  const { message } = await send(question)
  const text = await readText(message)
  return { status: message.statusCode ?? 0, body: parse(text) }
}

/** The same where the answer is no JSON. */
export async function askBytes(
  question: Question,
): Promise<{ readonly status: number; readonly bytes: Buffer }> {
  const { message } = await send(question)
  return { status: message.statusCode ?? 0, bytes: await buffer(message) }
}

/** Asks for something that will come later; resolves when the engine has taken note of it. The script may end before it comes. */
export async function askLater(question: Question): Promise<{ readonly answer: Promise<Answer> }> {
  const { message } = await send(question, false)
  message.socket.unref()
  const answer = readText(message).then((text) => ({ status: message.statusCode ?? 0, body: parse(text) }))
  return { answer }
}

/** Asks, and gives each JSON line of the answer as it comes: how a pull goes on. */
export async function askLines(question: Question, onLine: (line: unknown) => void): Promise<Answer> {
  const { message } = await send(question)
  const status = message.statusCode ?? 0
  if (status !== 200) return { status, body: parse(await readText(message)) }
  let rest = ''
  message.setEncoding('utf8')
  for await (const chunk of message) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') onLine(parse(line))
  }
  return { status, body: undefined }
}

/** Asks for a connection of its own: the engine says nothing more in HTTP, and what comes is the stream. */
export async function upgrade(
  question: Question,
): Promise<{ readonly socket: Socket; readonly head: Buffer }> {
  const { message, socket, head } = await send(question, false, { Connection: 'Upgrade', Upgrade: 'tcp' })
  if (socket !== undefined) return { socket, head: head ?? Buffer.alloc(0) }
  throw new PreflightError(`the Docker engine gave no stream: ${saidBy(parse(await readText(message)))}`)
}

/** What the engine said in words, for errors. */
export function saidBy(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'message' in body) return String(body.message)
  return typeof body === 'string' ? body : JSON.stringify(body)
}

interface Sent {
  readonly message: IncomingMessage
  readonly socket?: Socket
  readonly head?: Buffer
}

function send(
  question: Question,
  agent?: false,
  headers: Readonly<Record<string, string>> = {},
): Promise<Sent> {
  const { method = 'GET', path, body, bytes, signal } = question
  const address = question.address ?? engineAddress()
  const payload = bytes ?? (body === undefined ? undefined : JSON.stringify(body))
  const options: RequestOptions = {
    ...placeOf(address),
    method,
    path,
    agent: agent ?? agentOf(address),
    headers: {
      Host: 'docker',
      ...headers,
      ...(payload === undefined
        ? {}
        : {
            'Content-Type': bytes === undefined ? 'application/json' : 'application/x-tar',
            'Content-Length': Buffer.byteLength(payload),
          }),
    },
    ...(signal === undefined ? {} : { signal }),
  }
  return new Promise((resolve, reject) => {
    const asked = request(options, (message) => resolve({ message }))
    asked.on('upgrade', (message, socket: Socket, head) => resolve({ message, socket, head }))
    asked.on('error', (error) =>
      reject(signal?.aborted === true ? signal.reason : tellUnreachable(address, error)),
    )
    asked.end(payload)
  })
}

function placeOf(address: string): RequestOptions {
  const [, path] = /^(?:unix|npipe):\/\/(.*)$/.exec(address) ?? []
  if (path !== undefined) return { socketPath: path }
  const { hostname, port } = new URL(address)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 2375 : Number(port) }
}

function agentOf(address: string): Agent {
  const known = agents.get(address)
  if (known !== undefined) return known
  const agent = new Agent({ keepAlive: true })
  agents.set(address, agent)
  return agent
}

async function readText(message: IncomingMessage): Promise<string> {
  let text = ''
  message.setEncoding('utf8')
  for await (const chunk of message) text += String(chunk)
  return text
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    // An answer that is no JSON is shown as it is, with what was wrong about it.
    return `${text.trim()} (${toError(error).name})`
  }
}
