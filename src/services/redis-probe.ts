import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describeNetworkError } from '../http/send.ts'
import type { Place } from '../redis/target.ts'

/** What a Redis said when it was asked whether it is there. */
export type Probed =
  /** It answers; `dir` is the folder that it runs in, where it tells. */
  { readonly ready: true; readonly dir: string | undefined } | { readonly ready: false; readonly why: string }

/** What is said of one that does not answer in time. */
export const SILENT = 'it accepts connections and does not answer'

type Asked = Pick<Place, 'host' | 'port'> & Partial<Pick<Place, 'username' | 'password' | 'tls'>>

/** One attempt may take this long, in milliseconds. */
const PATIENCE = 5000

/** Asks PING on a connection of its own and, with `dir`, for the folder that the server runs in. Never rejects. */
export function probeRedis(asked: Asked, signal: AbortSignal, ask?: 'dir'): Promise<Probed> {
  const { host, port, username, password, tls } = asked
  const login =
    password === undefined ? [] : [['AUTH', ...(username === undefined ? [] : [username]), password]]
  const commands = [...login, ['PING'], ...(ask === 'dir' ? [['CONFIG', 'GET', 'dir']] : [])]
  return new Promise((resolve) => {
    const socket = tls === true ? connectTls({ host, port, servername: host }) : connectPlain({ host, port })
    const give = (found: Probed) => {
      over.removeEventListener('abort', giveUp)
      socket.destroy()
      resolve(found)
    }
    const over = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
    const giveUp = () => give({ ready: false, why: SILENT })
    over.addEventListener('abort', giveUp)
    socket.on('error', (error) => give({ ready: false, why: describeNetworkError(error) }))
    socket.on('close', () => give({ ready: false, why: 'it closed the connection' }))
    socket.write(commands.map(encode).join(''))
    readReplies(socket, ask === 'dir' ? 'dir' : 'pong', give)
  })
}

/** A command as Redis wants it: how many words, and each with its length in bytes. */
function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

function readReplies(socket: Socket, last: 'pong' | 'dir', give: (found: Probed) => void): void {
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => {
    text += chunk
    const pong = text.indexOf('+PONG\r\n')
    const refused = /^-(.*)\r\n/m.exec(text)
    if (pong < 0) {
      if (refused !== null) give({ ready: false, why: `it says ${refused[1]}` })
      else if (!/^[+\-:$*]?/.test(text) || text.length > 1000) give({ ready: false, why: 'it is no Redis' })
      return
    }
    const [, dir] = /\$3\r\ndir\r\n\$\d+\r\n(.*)\r\n/.exec(text.slice(pong)) ?? []
    if (last === 'pong' || dir !== undefined || refused !== null) give({ ready: true, dir })
  })
}
