import { $, skip } from 'shakedown'

/** Leaves the scenario out, with the reason, where Docker, its engine, Compose or one of the images is not to be had. */
export async function needDocker(...images: readonly string[]): Promise<void> {
  for (const words of [['version'], ['compose', 'version']]) {
    const problem = await problemWith(words)
    if (problem !== undefined) skip(`docker ${words.join(' ')}: ${problem}`)
  }
  for (const image of images) await needImage(image)
}

/** The same for one image: what is not here is pulled, and where it cannot be, there is nothing to look at. */
export async function needImage(image: string): Promise<void> {
  if ((await problemWith(['image', 'inspect', image])) === undefined) return
  const problem = await problemWith(['pull', '--quiet', image])
  if (problem !== undefined) skip(`the image ${image} is not to be had: ${problem}`)
}

async function problemWith(words: readonly string[]): Promise<string | undefined> {
  const { stdout, stderr } = await $`docker ${words} > /dev/null && echo fine || true`
  return stdout.trim() === 'fine' ? undefined : (stderr.trim().split('\n').at(-1) ?? 'it said nothing')
}
