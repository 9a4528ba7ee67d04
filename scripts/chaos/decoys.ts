import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { poll } from '../../src/wait/poll.ts'
import type { World } from './world.ts'

/** What belongs to others, and must be there byte for byte whatever becomes of a run. */
export interface Decoys {
  /** What is no longer as it was; empty when all is. */
  differences(): Promise<readonly string[]>
}

const SERVES =
  "require('node:http').createServer((q, a) => a.end('mine')).listen(Number(process.argv[1]), '127.0.0.1')"
const REDIS_PORT = '6379'
/** A Prometheus at its documented port, a gunicorn at another one than the application's, both by name. */
const SERVERS = [
  ['prometheus', '9090'],
  ['gunicorn: master [app]', '8000'],
] as const

/** Puts them into a world: a Redis with data on 6379, servers, and files beside those of our runs. */
export async function placeDecoys(world: World): Promise<Decoys> {
  const files = writeFiles(world)
  const redis = launch(world, [
    'redis-server',
    '--port',
    REDIS_PORT,
    '--save',
    '',
    '--enable-debug-command',
    'local',
  ])
  const servers = SERVERS.map(([name, port]) => launch(world, [process.execPath, '-e', SERVES, port], name))
  const cli = async (...words: readonly string[]) => {
    const [program = '', ...args] = [...world.inside, 'redis-cli', '-p', REDIS_PORT, ...words]
    return (await promisify(execFile)(program, args)).stdout.trim()
  }
  await until('the Redis of others answers', async () => (await cli('PING')) === 'PONG')
  await until('others listen', async () => {
    const things = await world.things()
    return SERVERS.every(([, port]) => things.includes(`tcp 127.0.0.1:${port}`))
  })
  await cli('HSET', 'gunicorn:counter:1:metric:decoy', 'value', '7')
  await cli('SET', 'shakedown-decoy', 'theirs')
  await world.settle()
  const look = async () => [
    `redis ${await cli('DEBUG', 'DIGEST').catch(() => 'gone')}`,
    ...[redis, ...servers].map(({ pid, exitCode, signalCode }) => `pid ${pid} ${exitCode} ${signalCode}`),
    ...files.map((file) => `${file} ${hash(file)}`),
  ]
  const before = await look()
  return {
    async differences() {
      const now = await look()
      return now.filter((line) => !before.includes(line))
    },
  }
}

/** Beside our own: with names like ours, and in folders that runs make, too. */
function writeFiles({ folder }: World): readonly string[] {
  const state = `tmp/shakedown-${process.getuid?.()}`
  const names = [
    'tmp/shakedown-decoy/notes.txt',
    'tmp/mine.sock',
    `${state}/notes.txt`,
    `${state}/runs/mine/notes.txt`,
  ]
  return names.map((name) => {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `somebody else's ${name}\n`)
    chmodSync(file, 0o600)
    return file
  })
}

function hash(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex')
  } catch {
    // Whoever removed it is what is looked for.
    return 'gone'
  }
}

function launch({ inside, folder }: World, command: readonly string[], name?: string): ChildProcess {
  const [program = '', ...words] = [...inside, ...command]
  const options = { cwd: folder, detached: true, stdio: 'ignore' } as const
  // The name in front of the words: what a search by name would find.
  if (name === undefined) return spawn(program, words, options)
  const renamed = ['sh', '-c', 'exec -a "$0" "$@"', name]
  return spawn(program, [...inside.slice(1), 'bash', ...renamed.slice(1), ...command], options)
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  const waited = await poll(look, { what, within: 60_000, judge: (met) => ({ met }) })
  if (waited.ended !== 'met') throw new Error(`never: ${what}: ${waited.error?.message}`)
}
