import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { plainEnvironment, root } from './script.ts'

/** A project of its own, as a user has one: its scripts import 'shakedown' from node_modules. */
export interface Workspace {
  readonly folder: string
  write(file: string, text: string): void
  /** Runs `shakedown` in it to its end. */
  shakedown(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  remove(): void
}

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Makes one with these scripts of `fixtures/stories` in `e2e/`. */
export function makeWorkspace(...stories: readonly string[]): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-workspace-'))
  mkdirSync(join(folder, 'node_modules'))
  mkdirSync(join(folder, 'e2e'))
  symlinkSync(root, join(folder, 'node_modules', 'shakedown'))
  for (const name of stories)
    cpSync(join(root, 'fixtures', 'stories', `${name}.mts`), join(folder, 'e2e', `${name}.mts`))
  return {
    folder,
    write(file, text) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    },
    shakedown: (args, env = {}) => runCommand(folder, args, env),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Makes workspaces for the tests of a file; all of them go with it. */
export function openWorkspaces(): typeof makeWorkspace {
  const made: Workspace[] = []
  after(() => {
    for (const one of made) one.remove()
  })
  return (...stories) => {
    const one = makeWorkspace(...stories)
    made.push(one)
    return one
  }
}

function runCommand(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'src', 'cli', 'main.mts'), ...args], {
    cwd,
    env: { ...plainEnvironment(), SHAKEDOWN_STATE: join(cwd, '.state'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, ...printed }))
  })
}
