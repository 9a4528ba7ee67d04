import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ask } from '../../../src/service/docker/engine.ts'
import { until } from '../until.ts'

const PROGRAM = join(process.cwd(), 'fixtures/programs/runs_containers.mts')

/** A script with containers, in a process of its own. */
export interface Run {
  readonly child: ChildProcess
  /** The id of its run, once it has said it. */
  readonly id: string
  readonly said: () => string
}

/** Starts it; it says its id, and `up` when its containers are. */
export function startContainers(end: string): Run {
  const child = spawn(process.execPath, [PROGRAM, end], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  return {
    child,
    said: () => said,
    get id() {
      return /^run ([0-9a-f]{32})$/m.exec(said)?.[1] ?? ''
    },
  }
}

/** Waits until its containers are ready; fails with what it said when it ends before. */
export async function waitUntilUp(run: Run): Promise<Run> {
  await until('it is up', () => /^up$/m.test(run.said()) || run.child.exitCode !== null, 180_000)
  assert.match(run.said(), /^up$/m, run.said())
  return run
}

/** Everything in the engine that wears the label of the run and the beginning of its names, by the engine's own lists. */
export async function objectsOf({ id }: Run): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`shakedown.run=${id}`] }))
  const paths = [
    `/containers/json?all=1&filters=${filters}`,
    ...['networks', 'volumes'].map((what) => `/${what}?filters=${filters}`),
  ]
  const lists = await Promise.all(paths.map(async (path) => JSON.stringify((await ask({ path })).body)))
  const names = lists.flatMap((list) =>
    [...list.matchAll(/"Names?":(?:\["\/|")([^"]+)"/g)].map(([, name = '']) => name),
  )
  return names.filter((name) => name.startsWith(`shakedown-${id.slice(0, 12)}`))
}

/** The anonymous volumes of its containers, which wear no label. */
export async function volumesOf(run: Run): Promise<readonly string[]> {
  const names = await list(
    'ps',
    '--all',
    '--filter',
    `label=shakedown.run=${run.id}`,
    '--format',
    '{{.Names}}',
  )
  const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}}{{end}}{{end}}'
  return names.length === 0 ? [] : list('inspect', '--format', format, ...names)
}

/** Those of the volumes that are still there. */
export async function stillThere(volumes: readonly string[]): Promise<readonly string[]> {
  return (await list('volume', 'ls', '--quiet')).filter((name) => volumes.includes(name))
}

/** Waits until the runner has ended and nothing of it is in the engine any more. */
export async function expectGone(run: Run): Promise<void> {
  if (run.child.exitCode === null && run.child.signalCode === null) await once(run.child, 'exit')
  await until('nothing of it is left', async () => (await objectsOf(run)).length === 0)
}

async function list(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('docker', words)
  return stdout.split('\n').filter((line) => line !== '')
}
