import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Exposition } from '../../src/metrics/exposition.ts'
import { ExpositionError } from '../../src/metrics/exposition-error.ts'
import { parse } from '../../src/metrics/parse.ts'
import { validate } from '../../src/metrics/validate.ts'
import {
  flatten,
  flattenGolden,
  fromEntries,
  fromGolden,
  toEntries,
  toGoldenForm,
} from './conformance-golden.ts'
import {
  type Case,
  readCases,
  readFiles,
  readGolden,
  readOpenMetricsCases,
  skip,
} from './conformance-suites.ts'

const CONTENT_TYPES = {
  text: 'text/plain; version=0.0.4',
  openmetrics: 'application/openmetrics-text; version=1.0.0',
}

/** Where the suites disagree with each other or with the format; docs/conformance.md has the reasons. */
const DROPPED_BY_CLIENT_PYTHON = [
  'duplicate_timestamps_0',
  'duplicate_timestamps_1',
  'test_duplicate_timestamps#51',
]
const TORN_BY_CLIENT_PYTHON = ['testTextParse#3', 'testTextParse#15']
const REFUSED_BY_CLIENT_PYTHON = ['testTextParse#16', 'testTextParse#17', 'alltypes.5mfs.om.txt']
const NATIVE_HISTOGRAM = /\.test_native_(histogram|plus_classic_histogram)/

test('OpenMetrics: its test data', { skip }, (t) => {
  const [accepted, rejected] = split(readOpenMetricsCases())
  check(t, 'accepted, without a finding', { cases: accepted, of: 44, holds: isClean })
  check(t, 'rejected by parse or validate', { cases: rejected, of: 167, holds: (each) => !isClean(each) })
  count(t, 'rejected by parse alone', { cases: rejected, holds: (each) => !isRead(each) })
  compareGolden(t, accepted)
})

test('Prometheus: the tables of its classic text parser', { skip }, (t) => {
  const [accepted, rejected] = split(readCases('prometheus/textparse_prom_verdicts.jsonl'))
  check(t, 'accepted', { cases: accepted, of: 4, holds: isRead })
  check(t, 'rejected by parse', { cases: rejected, of: 23, holds: (each) => !isRead(each) })
})

test('Prometheus: the tables of its OpenMetrics parser', { skip }, (t) => {
  const [accepted, rejected] = split(readCases('prometheus/textparse_om_verdicts.jsonl'))
  check(t, 'accepted', { cases: accepted, of: 6, holds: isRead })
  check(t, 'rejected by parse', { cases: rejected, of: 76, holds: (each) => !isRead(each) })
})

test('Prometheus: the lists of entries, line by line', { skip }, (t) => {
  const files = ['prometheus/textparse_prom_entries.jsonl', 'prometheus/textparse_om_entries.jsonl']
  for (const each of files.flatMap(readCases)) {
    const expected = fromEntries(each.entries ?? [])
    assert.deepEqual(toEntries(read(each)), expected, each.id)
    t.diagnostic(`${each.id}: ${expected.length} entries equal`)
  }
})

test('Prometheus: real expositions', { skip }, (t) => {
  const cases = [
    ...readFiles('prometheus/model/textparse/testdata', /\.txt$/),
    ...readFiles('common/expfmt/testdata', /^text$/),
  ]
  check(t, 'accepted', { cases, of: 5, holds: isRead })
  compareGolden(t, cases)
})

test('common/expfmt: the tables of its text parser and its corpus', { skip }, (t) => {
  const golden = readGolden()
  const tables = ['common/text_parse_accept.jsonl', 'common/text_parse_reject.jsonl'].flatMap(readCases)
  const [accepted, rejected] = split(tables)
  check(t, 'accepted', { cases: accepted, of: 20, holds: isRead })
  check(t, 'rejected by parse or validate', { cases: rejected, of: 46, holds: (each) => !isClean(each) })
  count(t, 'rejected by parse alone', { cases: rejected, holds: (each) => !isRead(each) })
  const [good, bad] = split(readFiles('common/expfmt/fuzz/corpus', /./))
  check(t, 'corpus, accepted', { cases: good, of: 6, holds: isRead })
  check(t, 'corpus, rejected by parse or validate', { cases: bad, of: 20, holds: (each) => !isClean(each) })
  const known = accepted.filter(({ id }) => golden.has(id))
  compareGolden(
    t,
    known.map((each) => ({ ...each, families: golden.get(each.id) })),
  )
})

test('client_python: classic text', { skip }, (t) => {
  const [accepted, rejected] = split(readCases('client_python/text_golden.jsonl'))
  check(t, 'accepted', { cases: accepted, of: 46, holds: isRead })
  check(t, 'rejected by parse', { cases: rejected, of: 1, holds: (each) => !isRead(each) })
  compareGolden(t, accepted)
})

test('client_python: OpenMetrics', { skip }, (t) => {
  const [accepted, rejected] = split(readCases('client_python/openmetrics_golden.jsonl'))
  const [native, standard] = partition(accepted, ({ id }) => NATIVE_HISTOGRAM.test(id))
  check(t, 'accepted', { cases: standard, of: 66, holds: isRead })
  check(t, 'native histograms, in no version of the format, rejected', {
    cases: native,
    of: 8,
    holds: (each) => !isRead(each),
  })
  check(t, 'rejected by parse or validate', { cases: rejected, of: 172, holds: (each) => !isClean(each) })
  compareGolden(t, standard)
})

/** Equal families; where client_python is known to differ, the difference is the known one. */
function compareGolden(t: TestContext, cases: readonly Case[]): void {
  const [refused, golden] = partition(cases, (each) => isNamed(each, REFUSED_BY_CLIENT_PYTHON))
  for (const { families, id } of refused)
    assert.equal(families, undefined, `${id}: client_python accepts it by now`)
  const [dropped, rest] = partition(golden, (each) => isNamed(each, DROPPED_BY_CLIENT_PYTHON))
  for (const each of dropped)
    assert.ok(goldenSamples(each) < read(each).samples.length, `${each.id}: nothing dropped`)
  const [torn, whole] = partition(rest, (each) => isNamed(each, TORN_BY_CLIENT_PYTHON))
  check(t, 'torn by client_python, equal samples', { cases: torn, of: torn.length, holds: hasEqualSamples })
  check(t, 'equal to what client_python read', { cases: whole, of: whole.length, holds: hasEqualFamilies })
}

function check(
  t: TestContext,
  what: string,
  { cases, of, holds }: { cases: readonly Case[]; of: number; holds: (each: Case) => boolean },
): void {
  const wrong = cases
    .filter((each) => !holds(each))
    .map(({ id, source }) => `${id}: ${String(source).slice(0, 200)}`)
  assert.deepEqual(wrong, [], what)
  assert.equal(cases.length, of, `${what}: the suite has another number of cases`)
  if (of > 0) t.diagnostic(`${what}: ${cases.length}/${of}`)
}

function count(
  t: TestContext,
  what: string,
  { cases, holds }: { cases: readonly Case[]; holds: (each: Case) => boolean },
): void {
  t.diagnostic(`${what}: ${cases.filter(holds).length}/${cases.length}`)
}

function read(each: Case): Exposition {
  return parse(each.source, { contentType: CONTENT_TYPES[each.dialect] })
}

function isRead(each: Case): boolean {
  return tryRead(each) !== undefined
}

function isClean(each: Case): boolean {
  const exposition = tryRead(each)
  return exposition !== undefined && validate(exposition).length === 0
}

function tryRead(each: Case): Exposition | undefined {
  try {
    return read(each)
  } catch (error) {
    if (error instanceof ExpositionError) return undefined
    throw error
  }
}

function hasEqualFamilies(each: Case): boolean {
  return each.families !== undefined && isDeepStrictEqual(toGoldenForm(read(each)), fromGolden(each.families))
}

function hasEqualSamples(each: Case): boolean {
  return each.families !== undefined && isDeepStrictEqual(flatten(read(each)), flattenGolden(each.families))
}

function goldenSamples({ families = [] }: Case): number {
  return flattenGolden(families).length
}

function isNamed({ id }: Case, names: readonly string[]): boolean {
  return names.some((name) => id.endsWith(name))
}

function split(cases: readonly Case[]): [accepted: readonly Case[], rejected: readonly Case[]] {
  return partition(cases, ({ accept }) => accept)
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [readonly T[], readonly T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))]
}
