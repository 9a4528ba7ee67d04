import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Socket } from 'node:net'
import { createReference, type Reference } from '../../src/reference.ts'

/** A real server on a free port, for one test. */
export interface Server extends AsyncDisposable {
  readonly url: Reference<string>
  readonly requests: readonly string[]
}

/** Serves HTTP and remembers the request lines. */
export async function serve(listener: RequestListener): Promise<Server> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has one
  return {
    url: createReference(
      'server.url',
      [{ name: 'server', lastLines: () => ['GET / 503'] }],
      () => `http://127.0.0.1:${port}`,
    ),
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Speaks TCP only: what it does with a connection is up to the test. */
export async function listenRaw(onSocket: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>()
  const server = createTcp((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}) // the test resets connections on purpose
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has one
  return {
    url: createReference('server.url', [], () => `http://127.0.0.1:${port}`),
    requests: [],
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The whole body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
