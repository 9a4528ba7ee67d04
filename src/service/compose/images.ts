import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { runId } from '../../run-id.ts'
import { ensureBuilt, IMAGE_LABEL } from '../docker/build.ts'
import type { Build } from '../docker/container.ts'
import { type Part, partOf } from './model.ts'

/** What of a build the cache of images knows: every file, the arguments, the target. */
const KNOWN = ['context', 'dockerfile', 'args', 'target']

/**
 * The same file with built images in the place of the builds of some services: made now, or found because nothing of them has
 * changed. Compose would leave an image for each run. Where a build says more than that it stays Compose's, with our label.
 */
export async function buildImages(
  whole: Part,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Part> {
  const services = partOf(whole['services'])
  const built = await Promise.all(
    names.map(async (name) => [name, await withImage(name, partOf(services[name]), signal)] as const),
  )
  return { ...whole, services: { ...services, ...Object.fromEntries(built) } }
}

async function withImage(name: string, given: Part, signal: AbortSignal | undefined): Promise<Part> {
  const { build, ...rest } = given
  // One that has a name of its own is to be found under it.
  if (build === undefined || given['image'] !== undefined) return given
  const simple = readBuild(partOf(build))
  if (simple !== undefined) return { ...rest, image: await ensureBuilt(simple, signal) }
  const labels = { ...partOf(partOf(build)['labels']), [IMAGE_LABEL]: '1' }
  return { ...rest, image: `shakedown/${name}:${runId}`, build: { ...partOf(build), labels } }
}

function readBuild(build: Part): Build | undefined {
  const { context, dockerfile = 'Dockerfile', target, args } = build
  const values = Object.entries(partOf(args))
  if (Object.keys(build).some((key) => !KNOWN.includes(key))) return undefined
  if (typeof context !== 'string' || !existsSync(context) || typeof dockerfile !== 'string') return undefined
  const texts = values.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
  if (texts.length < values.length) return undefined
  const more = typeof target === 'string' ? { target } : {}
  return { context, file: resolve(context, dockerfile), args: Object.fromEntries(texts), ...more }
}
