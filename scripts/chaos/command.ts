import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { settleWithin } from '../../src/wait/settle.ts'
import type { World } from './world.ts'

/** A command that runs in a world. */
export interface Command {
  readonly child: ChildProcess
  readonly exited: Promise<unknown>
  /** Both streams, once it has ended. */
  readonly output: Promise<string>
}

/** Somebody who was left behind may hold the pipes for ever. In milliseconds. */
const LAST_WORDS = 1000
/** What whoever runs this may have set, and what would change how a run goes. */
const OTHERS = /^(SHAKEDOWN_|GITHUB_|NODE_TEST_|NODE_OPTIONS$|npm_|CI$|DEBUG$)/

/** Starts a command in a world; its results go to the folder `results` there. */
export function launch(world: World, command: readonly string[], added: NodeJS.ProcessEnv = {}): Command {
  const { inside, env, folder } = world
  const [program = '', ...words] = [...inside, ...command]
  const plain = Object.entries(process.env).filter(([name]) => !OTHERS.test(name))
  const child = spawn(program, words, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(plain),
      ...env,
      SHAKEDOWN_RESULTS_BASE: join(folder, 'results'),
      ...added,
    },
  })
  const exited = once(child, 'exit')
  return { child, exited, output: collect(child, exited) }
}

async function collect(child: ChildProcess, exited: Promise<unknown>): Promise<string> {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  }
  const closed = once(child, 'close')
  await exited
  await settleWithin(closed, LAST_WORDS)
  return text
}
