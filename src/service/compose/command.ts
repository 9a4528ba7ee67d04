import { spawnSync } from 'node:child_process'
import { env } from 'node:process'
import { Failure, PreflightError } from '../../error.ts'
import { findExecutable } from '../../run/packages.ts'
import { howToInstall } from '../docker/absent.ts'
import { lastLines, runDocker } from '../docker/command.ts'

/** Of what a command printed, so many of the last lines are told when it fails. */
const LINES = 15

let found: readonly string[] | undefined

/** The words that begin a Compose command: the plugin, or a `docker-compose` of version 2. Throws a PreflightError without either. */
export function composeCommand(): readonly string[] {
  found ??= [['docker', 'compose'], ['docker-compose']].find(isVersion2)
  if (found !== undefined) return found
  if (findExecutable('docker') === undefined)
    throw new PreflightError('Docker is not installed', { hint: howToInstall() })
  throw new PreflightError('Docker Compose is not installed', {
    expected: '`docker compose version` or `docker-compose version` to say 2 or newer',
    hint: [
      'install its plugin: apt-get install docker-compose-plugin',
      'or see https://docs.docker.com/compose/install/',
    ],
  })
}

/** The file as Compose understands it: checked, merged, every variable replaced. Throws a Failure that has its complaint. */
export function readConfig(file: string, variables: Readonly<Record<string, string>>): unknown {
  const [program = '', ...words] = composeCommand()
  const { status, stdout, stderr } = spawnSync(
    program,
    [...words, '--file', file, 'config', '--format', 'json'],
    {
      encoding: 'utf8',
      env: { ...env, ...variables },
      maxBuffer: 64 * 1024 * 1024,
    },
  )
  if (status === 0) return JSON.parse(stdout)
  throw new Failure(`Compose does not understand ${file}`, {
    last: stderr.trim(),
    hint: `see it by itself: ${[program, ...words].join(' ')} --file ${file} config`,
  })
}

/** Runs a Compose command; rejects with a Failure that has its last lines. */
export async function runCompose(words: readonly string[], signal?: AbortSignal): Promise<void> {
  const [program = '', ...before] = composeCommand()
  const { code, printed } = await runDocker(program, [...before, '--ansi', 'never', ...words], signal)
  if (code === 0) return
  throw new Failure(`docker compose ended with ${code}: ${words.join(' ')}`, {
    last: lastLines(printed, LINES),
  })
}

function isVersion2([program = '', ...words]: readonly string[]): boolean {
  const { status, stdout } = spawnSync(program, [...words, 'version', '--short'], { encoding: 'utf8' })
  return status === 0 && Number.parseInt(stdout.trim().replace(/^v/, ''), 10) >= 2
}
