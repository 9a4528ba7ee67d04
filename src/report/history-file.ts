import { appendFile, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HistoryEntry } from './history.ts'

const NAME = 'history.ndjson'
const KEPT = 200
/** Like the folders of runs: for its owner only. */
const MODE = 0o600

/** The earlier runs whose results were written to this folder, the oldest first; none where nobody kept them. */
export async function readHistory(folder: string): Promise<readonly HistoryEntry[]> {
  try {
    const text = await readFile(join(folder, NAME), 'utf8')
    return text.split('\n').flatMap(parseEntry)
  } catch {
    return [] // the first run here, or a folder that cannot be read: there is nothing to compare with
  }
}

/** Adds a run to those in the folder, or replaces what was known of it; of very many the last 200 stay. */
export async function keepHistory(folder: string, entry: HistoryEntry): Promise<void> {
  const file = join(folder, NAME)
  const known = await readHistory(folder)
  const others = known.filter(({ run }) => run !== entry.run)
  // Two runs that end at the same moment both stay: a line is appended in one go.
  if (others.length === known.length && known.length < KEPT * 2) {
    await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: MODE })
    return
  }
  const all = [...others, entry].toSorted((one, other) => one.began - other.began).slice(-KEPT)
  await writeFile(`${file}.${process.pid}`, all.map((each) => `${JSON.stringify(each)}\n`).join(''), {
    mode: MODE,
  })
  await rename(`${file}.${process.pid}`, file)
}

function parseEntry(line: string): readonly HistoryEntry[] {
  try {
    const value: unknown = JSON.parse(line)
    return isEntry(value) ? [value] : []
  } catch {
    return [] // a line that was cut off, or the empty one at the end
  }
}

/** What our own version wrote; an entry of another one is left out. */
function isEntry(value: unknown): value is HistoryEntry {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1
}
