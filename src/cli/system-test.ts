import { spawnSync } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import { argv, env, execPath, stdin, stdout } from 'node:process'
import { type Duration, milliseconds } from '../duration.ts'
import { PreflightError, ShakedownError, toError, UsageError } from '../error.ts'
import { onInterrupt } from '../interrupt.ts'
import { MODES, mode } from '../mode.ts'
import { EXIT, exitCodeFor } from '../run/exit.ts'
import { findComponent } from '../run/find.ts'
import { runScripts } from '../run/runner.ts'
import { detach } from './attach.ts'
import { type Flags, type Given, readFlags } from './flags.ts'
import { showHelp } from './help.ts'
import { openSession, type Session } from './session.ts'

/** A system test as a program of its own: several scripts, one command line. */
export interface SystemTest {
  /** As it is typed: `./system_test.mts`. */
  readonly name: string
  /** What it proves, in a sentence. */
  readonly about: string
  readonly scripts: readonly string[]
  /** The components that every mode needs, from the table of components. */
  readonly needs: readonly string[]
  /** Flags of its own, beside the common ones. */
  readonly flags?: Flags
  /** Lines for `--help` on the environment that it honours. */
  readonly environment?: Readonly<Record<string, string>>
  /** What must be done before anything starts; gives the environment of the scripts. Throws a PreflightError. */
  readonly prepare?: (given: Given) => Promise<Readonly<Record<string, string>>>
  /** Scripts that a flag runs instead: `{ doctor: 'scripts/doctor.mts' }`. */
  readonly commands?: Readonly<Record<string, string>>
}

/** The flags that every system test has. */
export const COMMON_FLAGS: Flags = {
  quick: {
    about:
      'every promise in seconds: fast scrapes, little load, a short time to live for the proof of expiry',
  },
  full: { about: 'the documented load, timeline and time to live (the default)' },
  ci: {
    about: 'as full, with a deadline for the whole run, no colours, and a skip that was not allowed fails',
  },
  only: { value: 'TEXT', about: 'only scenarios whose title contains TEXT' },
  tag: { value: 'TAG', about: 'only scenarios with this tag' },
  repeat: { value: 'N', about: 'run everything N times, and stop at the first failure' },
  timeout: { value: 'DURATION', about: 'end the whole run after this time, with exit 124 (--ci: 5m)' },
  'allow-skip': {
    value: 'TEXT',
    many: true,
    about: 'in --ci, let skips pass whose name or reason contains TEXT',
  },
  keep: { about: 'stay up after the scenarios, print the endpoints, go on with Enter' },
  results: { value: 'DIR', about: 'where the results folder is made (results)' },
  workers: { value: 'N', about: 'so many scripts at a time (all of them)' },
  verbose: { short: 'v', about: 'every claim and every line that a service prints (also DEBUG=1)' },
  list: { about: 'list the scripts, start nothing' },
  help: { short: 'h', about: 'this text' },
  version: { about: 'the version' },
}

const CI_TIMEOUT = '5m'

/** Runs a system test as its command line says and gives the exit code. Never throws. */
export async function systemTest(test: SystemTest): Promise<number> {
  detach()
  try {
    return await runCommandLine(test)
  } catch (thrown) {
    const error = toError(thrown)
    process.stderr.write(`${error instanceof ShakedownError ? error.message : error.stack}\n`)
    return exitCodeFor([error instanceof ShakedownError ? error.code : 'failed'])
  }
}

async function runCommandLine(test: SystemTest): Promise<number> {
  const flags = { ...COMMON_FLAGS, ...test.flags }
  const given = readFlags(argv.slice(2), flags)
  const [word] = given.words
  if (word !== undefined) throw new UsageError(`not understood: ${word}`, { hint: 'see --help' })
  if (given.has('help')) return print(showHelp(test, flags))
  if (given.has('version')) return print(await readVersion())
  if (given.has('list')) return print(test.scripts.join('\n'))
  for (const [name, script] of Object.entries(test.commands ?? {}))
    if (given.has(name)) return runCommand(script)
  checkModes(given)
  const times = readCount(given, 'repeat') ?? 1
  const timeout = readTimeout(given)
  checkComponents(test.needs)
  let exit: number = EXIT.passed
  for (let round = 1; round <= times && exit === EXIT.passed; round += 1) {
    if (times > 1) print(`round ${round} of ${times}`)
    const added = (await test.prepare?.(given)) ?? {}
    exit = await runOnce(test, { given, timeout, env: { ...envOf(given), ...added } })
  }
  return exit
}

interface Round {
  readonly given: Given
  readonly timeout: number | undefined
  readonly env: Readonly<Record<string, string>>
}

async function runOnce(test: SystemTest, round: Round): Promise<number> {
  const { given, timeout } = round
  const session = openSession({
    scripts: test.scripts,
    results: given.value('results'),
    verbose: given.has('verbose') || env['DEBUG'] === '1',
    allowed: given.values('allow-skip'),
  })
  const over = new AbortController()
  setMaxListeners(0, over.signal)
  const done = Promise.withResolvers<void>()
  const release = onInterrupt(async (signal) => {
    over.abort(new ShakedownError('interrupted', `interrupted by ${signal}`))
    await done.promise
  })
  const timer = timeout === undefined ? undefined : setTimeout(() => endRun(session, over, timeout), timeout)
  const forward = given.has('keep') ? stdin.resume() : undefined
  const parallel = readCount(given, 'workers') ?? test.scripts.length
  const logs = { SHAKEDOWN_RESULTS: session.folder }
  await runScripts(test.scripts, { env: { ...round.env, ...logs }, parallel, signal: over.signal })
  clearTimeout(timer)
  forward?.pause()
  const exit = await session.finish()
  release()
  done.resolve()
  return exit
}

function endRun(session: Session, over: AbortController, timeout: number): void {
  const error = new ShakedownError('deadline', `the run took longer than ${timeout / 1000}s`)
  session.add('deadline', error.title)
  over.abort(error)
}

function checkModes(given: Given): void {
  const modes = Object.keys(MODES).filter((name) => given.has(name))
  if (modes.length > 1)
    throw new UsageError(`--${modes.join(' and --')} do not go together`, { hint: 'choose one' })
}

function checkComponents(names: readonly string[]): void {
  const missing = names.flatMap((name) => {
    const found = findComponent(name)
    return 'missing' in found ? [found] : []
  })
  const [first, ...more] = missing
  if (first === undefined) return
  throw new PreflightError(first.missing, {
    hint: [
      first.hint,
      ...more.flatMap(({ missing: what, hint }) => [what, hint]),
      'or let the project do it: make install',
    ],
  })
}

function envOf(given: Given): Readonly<Record<string, string>> {
  const only = given.value('only')
  const tag = given.value('tag')
  return {
    SHAKEDOWN_MODE: mode.name,
    ...(only === undefined ? {} : { SHAKEDOWN_ONLY: only }),
    ...(tag === undefined ? {} : { SHAKEDOWN_TAG: tag }),
    ...(given.has('keep') ? { SHAKEDOWN_KEEP: '1' } : {}),
  }
}

function readCount(given: Given, name: string): number | undefined {
  const text = given.value(name)
  if (text === undefined) return undefined
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new UsageError(`--${name} ${text}`, { expected: 'a whole number from 1 on' })
}

function readTimeout(given: Given): number | undefined {
  const text = given.value('timeout') ?? (mode.name === 'ci' ? CI_TIMEOUT : undefined)
  // The form is checked by `milliseconds`, which says how to write it.
  return text === undefined ? undefined : milliseconds(text as Duration) // see above
}

function runCommand(script: string): number {
  return spawnSync(execPath, [script], { stdio: 'inherit' }).status ?? EXIT.failed
}

async function readVersion(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  const text: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof text === 'object' && text !== null && 'version' in text ? String(text.version) : 'unknown'
}

function print(text: string): number {
  stdout.write(`${text}\n`)
  return EXIT.passed
}
