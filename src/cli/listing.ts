import { UsageError } from '../error.ts'
import type { EventOf } from '../event.ts'
import { didYouMean, nearest } from '../nearest.ts'
import { isWanted, WISH } from '../scenario/selection.ts'

/** A scenario that a script has, whether this run wants it or not. */
export type Seen = Pick<EventOf<'scenario:seen'>, 'title' | 'tags' | 'at'>

/** Scenarios as `--list` shows them, a line each: title, tags, and where it stands. Only those that the selection names. */
export function showScenarios(seen: readonly Seen[]): string {
  const wanted = seen.filter(({ title, tags }) => isWanted(title, tags))
  if (wanted.length === 0) refuseNothing(seen)
  const rows = wanted.map(({ title, tags, at = '' }) => [title, tags.join(' '), at] as const)
  const [titles, tags] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map(([title, words, at]) =>
      `  ${title.padEnd(titles ?? 0)}  ${words.padEnd(tags ?? 0)}  ${at}`.trimEnd(),
    )
    .join('\n')
}

/** Throws a UsageError that says why no scenario is wanted, with the nearest name; returns when one is. */
export function refuseNothing(seen: readonly Seen[]): void {
  if (seen.some(({ title, tags }) => isWanted(title, tags))) return
  const { [WISH.tag]: tag, [WISH.only]: only } = process.env
  const tags = new Set(seen.flatMap((one) => one.tags))
  if (tag !== undefined && !tags.has(tag)) {
    const hint = tags.size === 0 ? 'no scenario has tags' : didYouMean(tag, tags)
    throw new UsageError(`no scenario has the tag ${tag}`, { hint })
  }
  const titles = seen.map(({ title }) => title)
  if (only === undefined) throw new UsageError('no scenario was told')
  const close = nearest(only, titles)
  const among = tag === undefined ? '' : ` among those with the tag ${tag}`
  throw new UsageError(`no scenario has ${JSON.stringify(only)} in its title${among}`, {
    hint: close === undefined ? `there are: ${titles.join(' · ')}` : `did you mean ${JSON.stringify(close)}?`,
  })
}
