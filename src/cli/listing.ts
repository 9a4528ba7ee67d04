import { UsageError } from '../error.ts'
import type { EventOf } from '../event.ts'
import { didYouMean, nearest } from '../nearest.ts'
import { isWanted, readTags, WISH } from '../scenario/selection.ts'

/** A scenario that a script has, whether this run wants it or not. */
export type Seen = Pick<EventOf<'scenario:seen'>, 'title' | 'tags' | 'at' | 'script'>

/** Scenarios as `--list` shows them, a line each: title, tags, and where it stands. Only those that the selection names. */
export function showScenarios(seen: readonly Seen[]): string {
  const wanted = seen.filter(isWanted)
  if (wanted.length === 0) refuseNothing(seen)
  const rows = wanted.map(({ title, tags, at = '' }) => [title, tags.join(' '), at] as const)
  const [titles, tags] = [0, 1].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map(([title, words, at]) =>
      `  ${title.padEnd(titles ?? 0)}  ${words.padEnd(tags ?? 0)}  ${at}`.trimEnd(),
    )
    .join('\n')
}

/**
 * Throws a UsageError that says why no scenario is wanted, with the nearest name, or which tag none has; returns when all is
 * well.
 */
export function refuseNothing(seen: readonly Seen[]): void {
  const { [WISH.tag]: tag, [WISH.only]: only } = process.env
  if (tag !== undefined) refuseUnknownTags(tag, seen)
  if (seen.some(isWanted)) return
  const titles = seen.map(({ title }) => title)
  if (only === undefined)
    throw new UsageError(tag === undefined ? 'no scenario was told' : `no scenario is ${tag}`, {
      hint: 'shakedown list shows the tags of each',
    })
  const close = nearest(only, titles)
  const among = tag === undefined ? '' : ` among those with the tag ${tag}`
  throw new UsageError(`no scenario has ${JSON.stringify(only)} in its title${among}`, {
    hint: close === undefined ? `there are: ${titles.join(' · ')}` : `did you mean ${JSON.stringify(close)}?`,
  })
}

/** A tag that no scenario has is a mistake, also where `not` stands before it: it would say nothing, for ever. */
function refuseUnknownTags(tag: string, seen: readonly Seen[]): void {
  const tags = new Set(seen.flatMap((one) => one.tags))
  const unknown = readTags(tag).names.find((name) => !tags.has(name))
  if (unknown === undefined) return
  const hint = tags.size === 0 ? 'no scenario has tags' : didYouMean(unknown, tags)
  throw new UsageError(`no scenario has the tag ${unknown}`, { hint })
}
