import { Failure } from '../../error.ts'
import { IMAGE_LABEL } from './build.ts'
import { ask, saidBy } from './engine.ts'

/**
 * Removes the images that were built for runs, and only those: nobody else's wears their label. Gives the names of those that
 * went; one that a container still uses stays. Rejects where no engine answers.
 */
export async function removeBuiltImages(): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${IMAGE_LABEL}=1`] }))
  const { status, body } = await ask({ path: `/images/json?filters=${filters}` })
  if (status !== 200 || !Array.isArray(body))
    throw new Failure(`the Docker engine does not list its images: ${saidBy(body)}`)
  const names = body.flatMap((image) => namesIn(image))
  const ends = await Promise.all(
    names.map(async (name) => ({ name, ...(await ask({ method: 'DELETE', path: `/images/${name}` })) })),
  )
  return ends.filter((end) => end.status === 200).map(({ name }) => name)
}

function namesIn(image: unknown): readonly string[] {
  if (typeof image !== 'object' || image === null || !('RepoTags' in image)) return []
  return Array.isArray(image.RepoTags)
    ? image.RepoTags.map(String).filter((name) => name.startsWith('shakedown/'))
    : []
}
