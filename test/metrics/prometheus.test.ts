import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ExpositionError } from '../../src/metrics/exposition-error.ts'
import { findAll } from './findings.ts'
import { type Page, scrapeWithPrometheus, skip } from './real-prometheus.ts'

/** Read by every Prometheus, and by us without a finding. */
const FINE = {
  text: [
    '',
    'a 1\n',
    'a{b="c",} 1 2\n',
    'a { b = "c" }1\n',
    '# \tTYPE a gauge\n\na +Inf\n',
    '# HELP\n#\na NaN\n',
  ],
  openmetrics: ['# EOF', 'a 1\n# EOF\n', '# HELP a \n# UNIT a \na{b="\\z"} nan 1.5\n# EOF\n'],
}

/** Refused by Prometheus 2 or 3, or by both. */
const DOUBTFUL = {
  text: [
    'a 1\r\n',
    '\uFEFFa 1\n',
    ' a 1\n',
    'a 1 -5\n',
    'a 1 +5\n',
    'a 1 5.0\n',
    'a 1 2 3\n',
    'a 1 # {} 1\n',
    'a 1e999\n',
    'a +nan\n',
    'a 0x1\n',
    'a{,} 1\n',
    'a{,b="c"} 1\n',
    'a{b="c",,} 1\n',
    'a{b=c} 1\n',
    'a{b="c",b="d"} 1\n',
    'a{__name__="x"} 1\n',
    'a-b 1\n',
    '{b="c"} 1\n',
    '# TYPE a\n',
    '# TYPE a gauge \na 1\n',
    '# TYPE a  gauge\na 1\n',
    '# TYPE a Gauge\na 1\n',
    '# TYPE a unknown\na 1\n',
    '# TYPE a gaugehistogram\n',
    '# TYPE a gauge_histogram\n',
    '# TYPE \n',
    '# HELP \n',
    '# HELP 9a b\n',
  ],
  openmetrics: [
    'a 1\n',
    '\n# EOF\n',
    ' a 1\n# EOF\n',
    'a 1\r\n# EOF\n',
    'a  1\n# EOF\n',
    'a 1 \n# EOF\n',
    'a{b="c", d="e"} 1\n# EOF\n',
    'a{b="c",} 1\n# EOF\n',
    'a{b="c"}1\n# EOF\n',
    'a 1 NaN\n# EOF\n',
    'a 1 # {} 1\n# EOF\n',
    '# TYPE a gauge\na 1 # {b="c"} 1\n# EOF\n',
    '# TYPE a untyped\n# EOF\n',
    '# a\n# EOF\n',
    '# HELP a\n# EOF\n',
    '# UNIT a b\n# EOF\n',
    '# EOF\n\n',
  ],
}

test('what a real Prometheus refuses is refused or found here', { skip }, async (t) => {
  const fine = listPages(FINE)
  const pages = [...fine, ...listPages(DOUBTFUL)]
  const errors = await scrapeWithPrometheus(pages)
  const refused = pages.filter((_, index) => errors[index] !== undefined)
  assert.deepEqual(
    pages.filter((page, index) => errors[index] !== undefined && isClean(page)),
    [],
  )
  assert.deepEqual(
    fine.filter((page, index) => errors[index] !== undefined || !isClean(page)),
    [],
  )
  assert.ok(refused.length > pages.length / 2, `only ${refused.length} of ${pages.length} were refused`)
  t.diagnostic(`Prometheus refused ${refused.length} of ${pages.length} pages`)
})

function listPages(texts: Readonly<Record<Page['dialect'], readonly string[]>>): readonly Page[] {
  const of = (dialect: Page['dialect']) => texts[dialect].map((text) => ({ dialect, text }))
  return [...of('text'), ...of('openmetrics')]
}

function isClean({ dialect, text }: Page): boolean {
  try {
    return findAll(dialect, text).length === 0
  } catch (error) {
    if (error instanceof ExpositionError) return false
    throw error
  }
}
