import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Event } from '../../src/event.ts'

/** This project's folder. */
export const root = join(import.meta.dirname, '..', '..')

/** How a script ended, what it printed, and every event of its run. */
export interface Told {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly events: readonly Event[]
  /** How many folders of results there are. */
  readonly runs: number
}

export interface ScriptOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Called with what it has printed so far, on both streams, whenever there is more. */
  readonly onOutput?: (printed: string, script: Script) => void
}

/** A script that runs. */
export interface Script {
  readonly pid: number
  signal(signal: NodeJS.Signals): void
  type(text: string): void
  closeInput(): void
}

/** The path of a script of the fixtures. */
export function fixture(name: string): string {
  return `fixtures/scripts/${name}.mts`
}

/**
 * Runs a script with Node as a person would, from the project's folder, with results and state of its own, and nothing in
 * its environment that says that a test runs it.
 */
export async function runScript(file: string, options: ScriptOptions = {}): Promise<Told> {
  const folder = await mkdtemp(join(tmpdir(), 'shakedown-test-'))
  try {
    const child = spawn(process.execPath, [file, ...(options.args ?? [])], {
      cwd: root,
      env: {
        ...plainEnvironment(),
        SHAKEDOWN_STATE: join(folder, 'state'),
        SHAKEDOWN_RESULTS_BASE: join(folder, 'results'),
        ...options.env,
      },
    })
    const printed = { stdout: '', stderr: '' }
    const script: Script = {
      pid: child.pid ?? -1,
      signal: (signal) => child.kill(signal),
      type: (text) => child.stdin.write(text),
      closeInput: () => child.stdin.end(),
    }
    child.stdin.on('error', () => {
      // It has ended, and reads nothing any more.
    })
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        printed[name] += text
        options.onOutput?.(printed.stdout + printed.stderr, script)
      })
    }
    const ended = await new Promise<Pick<Told, 'code' | 'signal'>>((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }))
    })
    return { ...ended, ...printed, ...(await readResults(join(folder, 'results'))) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The environment without what test runners, CI systems and npm add, which changes how a script tells itself. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const added =
    /^(NODE_TEST_CONTEXT|NODE_OPTIONS|NODE_V8_COVERAGE|CI|GITHUB_.*|npm_.*|SHAKEDOWN_.*|FORCE_COLOR|DEBUG)$/
  const own = Object.entries(process.env).filter(([name]) => !added.test(name))
  return { ...Object.fromEntries(own), LANG: 'C.UTF-8', NO_COLOR: '1' }
}

async function readResults(base: string): Promise<Pick<Told, 'events' | 'runs'>> {
  const names = existsSync(base) ? (await readdir(base)).filter((name) => name !== 'latest').sort() : []
  return { events: names.flatMap((name) => readLog(join(base, name, 'events.ndjson'))), runs: names.length }
}

function readLog(file: string): readonly Event[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line): Event => JSON.parse(line))
}
