import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A server of `fixtures/programs` that runs as a process of its own. */
export interface Server extends AsyncDisposable {
  readonly target: { readonly host: string; readonly port: number }
  /** What it printed since it listens. */
  readonly lines: readonly string[]
  /** How many requests came, and over how many connections; these questions do not count. */
  requests(): Promise<number>
  connections(): Promise<number>
  kill(): Promise<void>
}

/** Starts a fixture and resolves when it listens; disposing kills it by its pid. */
export async function startServer(name: string, env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const file = fileURLToPath(new URL(`../../fixtures/programs/${name}.mts`, import.meta.url))
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const lines: string[] = []
  const port = await new Promise<number>((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`${name} exited with ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, number] = /^listening on 127\.0\.0\.1:(\d+)$/.exec(line) ?? []
      if (number === undefined) lines.push(line)
      else resolve(Number(number))
    })
  })
  const ask = async (path: string) => Number(await (await fetch(`http://127.0.0.1:${port}${path}`)).text())
  return {
    ...{ target: { host: '127.0.0.1', port }, lines },
    requests: () => ask('/requests'),
    connections: () => ask('/connections'),
    kill: () => end(child),
    [Symbol.asyncDispose]: () => end(child),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** A port on which nobody listens at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no address')
  return address.port
}
