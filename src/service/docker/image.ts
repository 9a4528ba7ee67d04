import { resolve } from 'node:path'
import { PreflightError } from '../../error.ts'
import { emit } from '../../event.ts'
import { ensureBuilt, FULL } from './build.ts'
import type { Build, ContainerSource } from './container.ts'
import { ask, askLines, saidBy } from './engine.ts'

const known = new Map<string, Promise<string>>()

/**
 * The name of an image that is on this machine when the promise resolves: found, pulled or built, each once in a process.
 * Rejects with a PreflightError where it can neither be found nor be had; a registry is asked only for what is not here.
 */
export function ensureImage(source: ContainerSource, signal?: AbortSignal): Promise<string> {
  const key = JSON.stringify(source)
  const there = known.get(key)
  if (there !== undefined) return there
  const coming =
    source.image === undefined
      ? ensureBuilt(absolute(source.build), signal)
      : ensurePulled(source.image, signal)
  known.set(key, coming)
  // What failed may succeed the next time: the network is back, the Dockerfile is mended.
  coming.catch(() => known.delete(key))
  return coming
}

function absolute(build: string | Build): Build {
  if (typeof build === 'string') return { context: resolve(build) }
  const { context, file, ...rest } = build
  return { ...rest, context: resolve(context), ...(file === undefined ? {} : { file: resolve(file) }) }
}

async function ensurePulled(image: string, signal: AbortSignal | undefined): Promise<string> {
  const { status, body } = await ask({ path: `/images/${image}/json`, signal })
  if (status === 200) return image
  if (status !== 404) throw new PreflightError(`the Docker engine cannot look for ${image}: ${saidBy(body)}`)
  const began = performance.now()
  emit({ kind: 'note', level: 'info', text: `pulling ${image}` })
  const failed = await pull(image, signal)
  if (failed !== undefined) throw tellMissing(image, failed)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  emit({ kind: 'note', level: 'info', text: `pulled ${image} in ${seconds} s` })
  return image
}

/** Gives why it failed. The engine says so in its status, or in the middle of its progress. */
async function pull(image: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const [, name = image, tag] = /^(.*?)(?::([^/:@]+))?$/.exec(image) ?? []
  const query = new URLSearchParams({
    fromImage: name,
    ...(name.includes('@') ? {} : { tag: tag ?? 'latest' }),
  })
  let failed: string | undefined
  const { status, body } = await askLines(
    { method: 'POST', path: `/images/create?${query}`, signal },
    (line) => {
      if (typeof line === 'object' && line !== null && 'error' in line) failed = String(line.error)
    },
  )
  return status === 200 ? failed : saidBy(body)
}

function tellMissing(image: string, last: string): PreflightError {
  return new PreflightError(`the image ${image} is not here, and could not be pulled`, {
    last,
    hint: hintsFor(last),
  })
}

function hintsFor(said: string): readonly string[] {
  if (/no space left on device/i.test(said)) return [FULL]
  if (/no matching manifest/i.test(said))
    return ['there is none for the processor of this machine: choose another tag, or emulate one with binfmt']
  if (/denied|unauthorized|not found|does not exist|unknown/i.test(said))
    return ['see whether there is such an image and tag, and whether it takes: docker login']
  return ['the registry was not reached: where there is no network, load it before: docker load < image.tar']
}
