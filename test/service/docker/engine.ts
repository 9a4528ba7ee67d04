import { describe, test } from 'node:test'
import { toError } from '../../../src/error.ts'
import { ask } from '../../../src/service/docker/engine.ts'
import { engineVersion } from '../../../src/service/docker/version.ts'

/** The images that these tests take; nothing is pulled for a test. */
export const NODE = 'node:24-slim'
export const REDIS = 'redis:7'

const missing = await findMissing()

/** Tests that need an engine and its images: a visible skip with the reason where there is none. */
export function describeWithDocker(what: string, tests: () => void): void {
  // A suite that is left out is not counted, a test is.
  if (missing !== undefined) test(what, { skip: missing }, () => {})
  else describe(what, tests)
}

async function findMissing(): Promise<string | undefined> {
  try {
    await engineVersion()
  } catch (error) {
    return toError(error).message.split('\n').join('; ')
  }
  for (const image of [NODE, REDIS]) {
    const { status } = await ask({ path: `/images/${image}/json` })
    if (status !== 200) return `the image ${image} is not here: docker pull ${image}`
  }
  return undefined
}
