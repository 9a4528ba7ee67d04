import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { App } from './workers.ts'

/** A request that a worker has begun and cannot end: its body is still to come. */
export interface HeldRequest {
  /** Sends the body; gives the first line of the answer. */
  release(): Promise<string>
}

const BODY = 'the end'

/**
 * Holds a worker: it has read the head of a request and says so (`100 Continue`), and waits for the body. Without any wait
 * for a time, the worker is busy for exactly as long as is wanted.
 */
export async function holdWorker(app: App): Promise<HeldRequest> {
  const socket = connect({ host: '127.0.0.1', port: Number(app.port) })
  await once(socket, 'connect')
  const head = ['POST /echo HTTP/1.1', 'Host: held', `Content-Length: ${BODY.length}`, 'Expect: 100-continue']
  socket.write(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`)
  const [begun]: readonly Buffer[] = await once(socket, 'data')
  if (!begun?.toString().startsWith('HTTP/1.1 100')) throw new Error(`not taken by a worker: ${begun}`)
  return {
    async release() {
      const answer = text(socket)
      socket.write(BODY)
      return (await answer).split('\r\n')[0] ?? ''
    },
  }
}
