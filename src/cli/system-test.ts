import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { PreflightError, UsageError } from '../error.ts'
import { EXIT } from '../run/exit.ts'
import { findComponent } from '../run/find.ts'
import { inContainers } from '../service/chosen.ts'
import { COMMON_FLAGS } from './common-flags.ts'
import { tellErrors } from './errors.ts'
import { type Flags, type Given, readFlags } from './flags.ts'
import { showHelp } from './help.ts'
import { readLimits } from './limits.ts'
import { listScripts } from './list.ts'
import { runRounds } from './rounds.ts'
import { readVersion } from './version.ts'

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

/** Runs a system test as its command line says and gives the exit code. Never throws. */
export async function systemTest(test: SystemTest): Promise<number> {
  return tellErrors(() => runCommandLine(test))
}

async function runCommandLine(test: SystemTest): Promise<number> {
  const flags = flagsOf(test)
  const args = [...process.argv.slice(2), ...impliedBy(test)]
  const given = readFlags(args, flags)
  const [word] = given.words
  if (word !== undefined) throw new UsageError(`not understood: ${word}`, { hint: 'see --help' })
  if (given.has('help')) return print(showHelp(test, flags))
  if (given.has('version')) return print(await readVersion())
  for (const [name, script] of Object.entries(test.commands ?? {}))
    if (given.has(name)) return runCommand(script)
  readLimits(given)
  if (given.has('list')) return listScripts(test.scripts, given)
  if (given.has('docker')) return (await import('./in-docker.ts')).runInDocker(args, given)
  // In containers, everything is in an image.
  if (!inContainers()) checkComponents(test.needs)
  return runRounds({ scripts: test.scripts, given, prepare: test.prepare })
}

/** Where there is a Dockerfile beside the command, all of it can be run in a container. */
function flagsOf({ flags }: SystemTest): Flags {
  const docker = {
    docker: { about: 'run all of it in a container that is built here, beside a Redis of its own' },
  }
  return { ...COMMON_FLAGS, ...(existsSync('Dockerfile') ? docker : {}), ...flags }
}

/** In a container that was told where Redis is, none is started. */
function impliedBy({ flags = {} }: SystemTest): readonly string[] {
  const isContainer = existsSync('/.dockerenv') || process.env['DOCKER_CONTAINER'] !== undefined
  return isContainer && process.env['REDIS_HOST'] !== undefined && 'no-redis' in flags ? ['--no-redis'] : []
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

function runCommand(script: string): number {
  return spawnSync(process.execPath, [script], { stdio: 'inherit' }).status ?? EXIT.failed
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return EXIT.passed
}
