import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Failure, PreflightError } from '../../error.ts'
import { emit } from '../../event.ts'
import { findExecutable } from '../../run/packages.ts'
import { howToInstall } from './absent.ts'
import { lastLines, runDocker } from './command.ts'
import type { Build } from './container.ts'
import { hashBuild } from './context-hash.ts'
import { ask } from './engine.ts'

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
  const { code, printed } = await runDocker(docker, words, signal)
  if (code === 0) return
  throw new Failure(`the image of ${context} cannot be built: docker build ended with ${code}`, {
    last: lastLines(printed, LINES),
    hint: [`see it by itself: docker ${words.join(' ')}`, ...hintsFor(printed)],
  })
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
