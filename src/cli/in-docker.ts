import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { constants } from 'node:os'
import { resolve } from 'node:path'
import { env } from 'node:process'
import { PreflightError } from '../error.ts'
import { EXIT } from '../run/exit.ts'
import { findExecutable } from '../run/packages.ts'
import { runId } from '../run-id.ts'
import { howToInstall, refuseThere } from '../service/docker/absent.ts'
import { engineAddress, isRemote } from '../service/docker/engine.ts'
import { ensureImage } from '../service/docker/image.ts'
import { forgetObject, nameInRun, RUN_LABEL } from '../service/docker/object.ts'
import { openGuard } from '../service/guard.ts'
import { start } from '../service/start.ts'
import { service } from '../services/service.ts'
import type { Given } from './flags.ts'

/** Where the project is in its image. */
const FOLDER = '/app'
/** What cannot be proven with a Redis that is not the run's own: shown as a skip, also where skips must be allowed. */
const ALLOWED = 'the Redis belongs to somebody else'

/**
 * Runs the whole command line again, in a container that is built from the Dockerfile of this folder, beside a container with
 * Redis. Its output is ours, its results are put here, and its exit code is given. Everything goes with this process.
 */
export async function runInDocker(args: readonly string[], given: Given): Promise<number> {
  const docker = findExecutable('docker')
  if (docker === undefined)
    throw new PreflightError('--docker takes the command docker, which is not installed', {
      hint: howToInstall(),
    })
  if (isRemote()) throw refuseThere('--docker cannot put the results here')
  const image = await ensureImage({ build: '.' })
  await using cache = service({ name: 'redis', image: 'redis:7', port: 6379 })
  await start(cache)
  const results = resolve(given.value('results') ?? 'results')
  mkdirSync(results, { recursive: true })
  const name = nameInRun('system-test')
  // It is not known when exactly the command makes it: whoever cleans up waits for it to appear.
  openGuard().noteObject({ what: 'container', name, engine: engineAddress() })
  const code = await run(docker, [
    ...[
      'run',
      '--rm',
      '--init',
      '--name',
      name,
      '--network',
      `container:${nameInRun(cache.name)}`,
      '--label',
      `${RUN_LABEL}=${runId}`,
    ],
    ...(process.stdout.isTTY ? ['--tty'] : []),
    // In one network with it, as in a pod: its Redis is on 127.0.0.1.
    ...['--env', 'REDIS_HOST=127.0.0.1', '--env', 'REDIS_PORT=6379', ...variables()],
    ...['--volume', `${results}:${FOLDER}/results`, ...ownerOf()],
    image,
    ...withoutOwn(args),
    ...['--allow-skip', ALLOWED],
  ])
  forgetObject(name)
  return code
}

/** What is set for the run is set in there, too: patience, the TTL, the number of workers. Addresses of this machine mean nothing there. */
function variables(): readonly string[] {
  const names = Object.keys(env).filter((name) =>
    /^(SHAKEDOWN_(MODE_|PATIENCE)|GUNICORN_WORKERS$|REDIS_TTL_SECONDS$|DEBUG$|NO_COLOR$|CI$|GITHUB_ACTIONS$)/.test(
      name,
    ),
  )
  return names.flatMap((name) => ['--env', name])
}

/** Results belong to whoever asked for them. */
function ownerOf(): readonly string[] {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()]
  return uid === undefined || uid === 0 ? [] : ['--user', `${uid}:${gid}`, '--env', 'HOME=/tmp']
}

function withoutOwn(args: readonly string[]): readonly string[] {
  return args.filter(
    (word, index) =>
      word !== '--docker' &&
      !word.startsWith('--results=') &&
      word !== '--results' &&
      args[index - 1] !== '--results',
  )
}

/** The command hears Ctrl-C as we do, and passes every signal on to the container; we only wait for it. */
function run(docker: string, words: readonly string[]): Promise<number> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const child = spawn(docker, words, { stdio: 'inherit', env: { ...env, DOCKER_HOST: engineAddress() } })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of signals) process.on(signal, pass)
  return new Promise((settle) => {
    const end = (code: number) => {
      for (const signal of signals) process.off(signal, pass)
      settle(code)
    }
    child.on('error', () => end(EXIT.preflight))
    child.on('exit', (code, signal) => end(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
  })
}
