import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { UsageError } from '../../src/error.ts'

/** One thing that is broken on purpose in a copy of the project, and what must notice. */
export interface Break {
  /** The rows of the contract that are not kept then. */
  readonly rows: readonly string[]
  /** What is wrong with the project then. */
  readonly broken: string
  /** A shell command in the copy, or a text in one file that is replaced: it must be there exactly once. */
  readonly change: string | { readonly file: string; readonly from: string; readonly to: string }
  /** A test file, or the title of a scenario of the main job. */
  readonly test: string
  /** A part of the name of the test; empty for a scenario. */
  readonly name: string
  /** What its message must say, so that it is red for this reason and for no other. */
  readonly says: string
}

const TEXTS = ['rows', 'broken', 'test', 'says']
const CHANGES = [['do'], ['in', 'from', 'to']]

/** The list of e2e/breaks.yml; throws a UsageError for an entry that lacks something. */
export async function readBreaks(file: string): Promise<readonly Break[]> {
  const entries: readonly Readonly<Record<string, string>>[] = parse(await readFile(file, 'utf8'))
  return entries.map((entry, index) => {
    const wanted = [...TEXTS, ...(CHANGES.find(([key = '']) => key in entry) ?? CHANGES.flat())]
    const lacking = wanted.filter((key) => typeof entry[key] !== 'string')
    if (lacking.length > 0)
      throw new UsageError(`entry ${index + 1} of ${file} lacks ${lacking.join(', ')}`, {
        last: entry['broken'] ?? JSON.stringify(entry),
      })
    const { rows = '', broken = '', test = '', name = '', says = '', in: path, from = '', to = '' } = entry
    const change = path === undefined ? (entry['do'] ?? '') : { file: path, from, to }
    return { rows: rows.split(' '), broken, change, test, name, says }
  })
}
