import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { env } from 'node:process'
import { Failure, PreflightError } from '../../error.ts'
import { emit } from '../../event.ts'
import { findExecutable } from '../../run/packages.ts'
import { howToInstall } from './absent.ts'
import type { Build } from './container.ts'
import { hashBuild } from './context-hash.ts'
import { ask, engineAddress } from './engine.ts'

/** The label of images that were built for runs: they are kept, and removed when somebody asks for it. */
export const IMAGE_LABEL = 'shakedown.image'
/** Of what a build printed, so many of the last lines are told when it fails. */
const LINES = 20

/** The name of the image of that context: built now, or found because nothing of it has changed. */
export async function ensureBuilt(build: Build, signal?: AbortSignal): Promise<string> {
  const { context, file = join(context, 'Dockerfile') } = build
  if (!existsSync(file)) {
    throw new PreflightError(`there is no Dockerfile to build an image from: ${file}`, {
      hint: 'write one, or name an image that there is: image: …',
    })
  }
  const name =
    basename(context)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'image'
  const tag = `shakedown/${name}:${hashBuild(build)}`
  const found = await ask({ path: `/images/${tag}/json`, signal })
  if (found.status === 200) return tag
  const began = performance.now()
  emit({ kind: 'note', level: 'info', text: `building ${tag} from ${context}` })
  await runBuild(build, { tag, file, signal })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  emit({ kind: 'note', level: 'info', text: `built ${tag} in ${seconds} s` })
  return tag
}

interface Building {
  readonly tag: string
  readonly file: string
  readonly signal: AbortSignal | undefined
}

async function runBuild(
  { context, args = {}, target }: Build,
  { tag, file, signal }: Building,
): Promise<void> {
  const docker = findExecutable('docker')
  if (docker === undefined)
    throw new PreflightError('building an image takes the command docker, which is not installed', {
      hint: howToInstall(),
    })
  const words = [
    ...['build', '--tag', tag, '--label', `${IMAGE_LABEL}=1`, '--file', file],
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(target === undefined ? [] : ['--target', target]),
    context,
  ]
  const { code, printed } = await run(docker, words, signal)
  signal?.throwIfAborted()
  if (code === 0) return
  throw new Failure(`the image of ${context} cannot be built: docker build ended with ${code}`, {
    last: tellLast(printed),
    hint: [`see it by itself: docker ${words.join(' ')}`, ...hintsFor(printed)],
  })
}

function run(
  docker: string,
  words: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly code: number; readonly printed: string }> {
  const child = spawn(docker, words, {
    env: { ...env, DOCKER_HOST: engineAddress(), BUILDKIT_PROGRESS: 'plain' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  })
  let printed = ''
  const hear = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-100_000)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, printed: `${printed}${error.message}` }))
    child.on('close', (code) => resolve({ code: code ?? 1, printed }))
  })
}

function tellLast(printed: string): string {
  return printed.trim().split('\n').slice(-LINES).join('\n')
}

function hintsFor(printed: string): readonly string[] {
  if (/no space left on device/i.test(printed)) return [FULL]
  if (/dial tcp|no such host|failed to resolve source metadata/i.test(printed))
    return ['its base image is not here, and the registry was not reached']
  return []
}

/** What to do about a full disk. */
export const FULL =
  'the disk of the engine is full: docker system df says with what, docker system prune makes room'
