import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Event } from '../../src/event.ts'
import { poll } from '../../src/wait/poll.ts'

/** This project's folder. */
export const root = join(import.meta.dirname, '..', '..')

const folders: string[] = []

// Not before: what a script that was killed has left in its state is what its watchdog goes by.
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** How a script ended, what it printed, and every event of its runs. */
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
  /** What is run instead of Node; the script's path follows. */
  readonly command?: readonly string[]
}

/** A script that runs. */
export interface Script {
  readonly pid: number
  signal(signal: NodeJS.Signals): void
  type(text: string): void
  closeInput(): void
  /** Resolves when the script has told such an event; fails when it ends without, or after two minutes. */
  told(what: string, isIt: (event: Event) => boolean): Promise<void>
  readonly ended: Promise<Told>
}

/** The path of a script whose outcome has a golden file. */
export function fixture(name: string): string {
  return `fixtures/scripts/${name}.mts`
}

/** The path of a script that a test does something to. */
export function story(name: string): string {
  return `fixtures/stories/${name}.mts`
}

/**
 * Runs a script with Node as a person would, from the project's folder, with results and state of its own, and nothing in
 * its environment that says that a test runs it.
 */
export function startScript(file: string, options: ScriptOptions = {}): Script {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-test-'))
  folders.push(folder)
  const results = join(folder, 'results')
  const [program = process.execPath, ...words] = options.command ?? []
  const child = spawn(program, [...words, file, ...(options.args ?? [])], {
    cwd: root,
    env: {
      ...plainEnvironment(),
      SHAKEDOWN_STATE: join(folder, 'state'),
      SHAKEDOWN_RESULTS_BASE: results,
      ...options.env,
    },
  })
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  child.stdin.on('error', () => {
    // It has ended, and reads nothing any more.
  })
  let isOver = false
  const ended = new Promise<Told>((resolve) => {
    child.once('close', (code, signal) => {
      isOver = true
      resolve({ code, signal, ...printed, ...readResults(results) })
    })
  })
  return {
    pid: child.pid ?? -1,
    signal: (signal) => child.kill(signal),
    type: (text) => child.stdin.write(text),
    closeInput: () => child.stdin.end(),
    ended,
    async told(what, isIt) {
      const look = async () => isOver || readResults(results).events.some(isIt)
      await poll(look, { what, within: 120_000, judge: (met) => ({ met }) })
      if (!isOver && (await look())) return
      throw new Error(`it never told: ${what}\n${printed.stdout}${printed.stderr}`)
    },
  }
}

/** Runs a script to its end. */
export function runScript(file: string, options: ScriptOptions = {}): Promise<Told> {
  return startScript(file, options).ended
}

/** The environment without what test runners, CI systems and npm add, which changes how a script tells itself. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const added =
    /^(NODE_TEST_CONTEXT|NODE_OPTIONS|NODE_V8_COVERAGE|CI|GITHUB_.*|npm_.*|SHAKEDOWN_.*|FORCE_COLOR|DEBUG)$/
  const own = Object.entries(process.env).filter(([name]) => !added.test(name))
  return { ...Object.fromEntries(own), LANG: 'C.UTF-8', NO_COLOR: '1' }
}

function readResults(base: string): Pick<Told, 'events' | 'runs'> {
  const names = existsSync(base)
    ? readdirSync(base)
        // The folders of runs, not what is beside them.
        .filter((name) => /^\d{4}-/.test(name))
        .sort()
    : []
  return { events: names.flatMap((name) => readLog(join(base, name, 'events.ndjson'))), runs: names.length }
}

/** Only whole lines: the last one may be being written. */
function readLog(file: string): readonly Event[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line): Event => JSON.parse(line))
}
