import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../error.ts'
import { nearest } from '../nearest.ts'
import { resultsBase } from '../run/results.ts'

const LOG = 'events.ndjson'

/**
 * The folder of a run: as it is named, the folder of the log that is named, or the run of that name below the results. The
 * latest where none is named. Throws a UsageError with the nearest run.
 */
export function findRun(word: string | undefined, results?: string): string {
  const base = resultsBase(results)
  const named = word ?? join(base, 'latest')
  const places = [named, ...(basename(named) === LOG ? [dirname(named)] : []), join(base, named)]
  const found = places.find((place) => existsSync(join(place, LOG)))
  if (found !== undefined) return found
  throw new UsageError(`${named} is not the folder of a run`, {
    hint: [`a run's folder has ${LOG} in it, as those below ${base}/ have`, ...hintsFor(named, base)],
  })
}

function hintsFor(named: string, base: string): readonly string[] {
  const below = runsIn(named)
  if (below.length > 0) return [`did you mean ${join(named, below.at(-1) ?? '')}?`]
  const [name, folder] = [basename(named), dirname(named)]
  for (const place of new Set([folder, base])) {
    const close = nearest(name, runsIn(place))
    if (close !== undefined) return [`did you mean ${join(place, close)}?`]
  }
  return []
}

/** The runs in a folder, the latest last. */
function runsIn(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return []
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  return names.filter((name) => existsSync(join(folder, name, LOG))).sort()
}
