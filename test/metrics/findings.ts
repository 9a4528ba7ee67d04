import type { Dialect } from '../../src/metrics/exposition.ts'
import { parse } from '../../src/metrics/parse.ts'
import { validate } from '../../src/metrics/validate.ts'

const CONTENT_TYPES = { text: 'text/plain', openmetrics: 'application/openmetrics-text' }

/** What `validate` finds in a text, as `rule line`. */
export function findAll(dialect: Dialect, text: string): readonly string[] {
  const exposition = parse(text, { contentType: CONTENT_TYPES[dialect] })
  return validate(exposition).map(({ rule, line }) => `${rule} ${line}`)
}

/** The same for lines without the end that the dialect wants. */
export function findIn(dialect: Dialect, ...lines: readonly string[]): readonly string[] {
  return findAll(dialect, `${[...lines, ...(dialect === 'text' ? [] : ['# EOF'])].join('\n')}\n`)
}
