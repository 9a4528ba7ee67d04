import type { BuildOptions } from './build.ts'
import type { HeardLine, HeardSource, LineStore } from './collect/lines.ts'
import type { PageLogs } from './model.ts'
import type { Places } from './place.ts'

interface Layout extends BuildOptions {
  readonly began: number
  readonly places: Places
}

interface Row extends HeardLine {
  readonly source: number
  readonly isGap?: boolean
}

/** The kept lines of all services as columns, in the order in which they were heard; where some are missing a line says so. */
export function layLines(store: LineStore, { began, places, logFileOf, lines }: Layout): PageLogs {
  const heard = store.sources
  const sources = heard.map(({ script, service, total }) => ({
    script: places.scriptOf(script),
    service,
    total,
    file: logFileOf(script, service),
  }))
  const all = heard.flatMap((source, index) => rowsOf(source, { index, file: sources[index]?.file }))
  const rows = shorten(
    all.sort((one, other) => one.order - other.order),
    lines,
  )
  return {
    sources,
    time: rows.map(({ time }) => Math.round(time - began)),
    source: rows.map(({ source }) => source),
    stream: rows.map(({ isError, isGap }) => (isGap === true ? 2 : isError ? 1 : 0)),
    text: rows.map(({ text }) => text),
  }
}

function rowsOf(
  { blocks }: HeardSource,
  { index, file }: { index: number; file: string | undefined },
): readonly Row[] {
  return blocks.flatMap(({ lost, lines }): readonly Row[] => {
    const rows = lines.map((line) => ({ ...line, source: index }))
    const [first] = lines
    if (lost === 0 || first === undefined) return rows
    const text = describeGap(lost, file)
    return [{ ...first, order: first.order - 0.5, source: index, isGap: true, text }, ...rows]
  })
}

function describeGap(count: number, file: string | undefined): string {
  const where = file === undefined ? 'events.ndjson' : file
  return `${count.toLocaleString('en')} lines are left out here; all of them are in ${where}`
}

/** The last lines where not all fit: what happened at the end is what is looked for. */
function shorten(rows: readonly Row[], most: number | undefined): readonly Row[] {
  if (most === undefined || rows.length <= most) return rows
  const [first] = rows
  const kept = rows.slice(-most)
  const text = describeGap(rows.length - kept.length, undefined)
  return first === undefined ? kept : [{ ...first, isGap: true, text }, ...kept]
}
