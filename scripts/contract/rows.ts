import { UsageError } from '../../src/error.ts'

/** A promise of the contract: kept, or not looked at yet for a reason. */
export interface Row {
  readonly id: string
  readonly about: string
  readonly open: string | undefined
}

const LINE = /^([A-Z]{3}-\d+) {2}(.+?)(?: {2}open: (.+))?$/

/** The rows of the list; throws a UsageError for a line that is none, and for an id that is there twice. */
export function readRows(text: string): readonly Row[] {
  const rows = text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return []
    const [, id, about, open] = LINE.exec(line) ?? []
    if (id !== undefined && about !== undefined) return [{ id, about, open }]
    throw new UsageError(`line ${index + 1} of the contract is no row: ${line}`, {
      hint: 'GUN-001  what is promised  open: why not yet',
    })
  })
  const twice = rows.find(({ id }, index) => rows.findIndex((row) => row.id === id) !== index)
  if (twice !== undefined) throw new UsageError(`${twice.id} is in the contract twice`)
  return rows
}
