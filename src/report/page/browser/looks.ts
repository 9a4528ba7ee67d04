import type { PageClaim } from '../model.ts'

const MOST = 12

/** `12 → 60 → 108 ×9`: what was seen, neighbours that are equal once, the middle left out where there are many. */
export function describeLooks({ looks }: Pick<PageClaim, 'looks'>): string {
  const runs: { saw: string; times: number }[] = []
  for (const [, saw, failed] of looks) {
    const seen = failed === 1 ? `(${saw})` : saw
    const run = runs.at(-1)
    if (run?.saw === seen) run.times += 1
    else runs.push({ saw: seen, times: 1 })
  }
  const texts = runs.map(({ saw, times }) => (times === 1 ? saw : `${saw} ×${times}`))
  if (texts.length <= MOST) return texts.join(' → ')
  const half = MOST / 2
  return [...texts.slice(0, half), `… ${texts.length - MOST} more …`, ...texts.slice(-half)].join(' → ')
}
