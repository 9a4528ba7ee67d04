import { once } from 'node:events'
import { connect } from 'node:net'
import type { Reading } from 'shakedown'
import type { App } from './workers.ts'

/** A connection on which requests are written as they are, one character a byte: other clients mend what they send, and get. */
export interface Wire extends Disposable {
  write(text: string): void
  /** What has come so far. */
  readonly received: Reading<string>
  /** What comes first, however long that takes. */
  first(): Promise<string>
  /** Everything that came until the connection was closed. */
  rest(): Promise<string>
  /** Goes away, whatever is still on its way. */
  leave(): Promise<void>
}

/** Connects to an application, or to where it shows its metrics, and says nothing yet. */
export async function openWire(app: App, to: 'app' | 'metrics' = 'app'): Promise<Wire> {
  const [host = '', port] = String(to === 'app' ? app : app.endpoint(to)).split(':')
  const socket = connect({ host, port: Number(port) })
  await once(socket, 'connect')
  const begun = Promise.withResolvers<string>()
  const closed = Promise.withResolvers<void>()
  let told = ''
  socket
    .setEncoding('latin1')
    .on('data', (text: string) => {
      told += text
      begun.resolve(text)
    })
    .on('error', ({ message }) => {
      told += `(${message})`
    })
    .on('close', () => {
      begun.resolve(told)
      closed.resolve()
    })
  return {
    write: (text) => void socket.write(text, 'latin1'),
    received: { describe: 'what has come over the wire', read: async () => told },
    first: () => begun.promise,
    async rest() {
      await closed.promise
      return told
    },
    async leave() {
      socket.resetAndDestroy()
      await closed.promise
    },
    [Symbol.dispose]: () => void socket.destroy(),
  }
}

/** The first line of an answer. */
export function statusLine(answer: string): string {
  return answer.split('\r\n')[0] ?? ''
}
