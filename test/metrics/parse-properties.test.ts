import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Dialect, Exposition } from '../../src/metrics/exposition.ts'
import { ExpositionError } from '../../src/metrics/exposition-error.ts'
import { groupMetrics } from '../../src/metrics/family.ts'
import { parse } from '../../src/metrics/parse.ts'
import { validate } from '../../src/metrics/validate.ts'
import { lines, type Written, write } from './written.ts'

const DIALECTS = ['text', 'openmetrics'] as const
const HOSTILE = [
  ...'{}",=#\\\n\r \t+-.:_0e\u0000é\u{1F600}\uFEFF',
  '# EOF\n',
  '# TYPE ',
  '# HELP ',
  ' # {',
  'NaN',
  '\\n',
]

for (const dialect of DIALECTS) {
  test(`${dialect}: what is written is read`, () => {
    fc.assert(
      fc.property(lines(dialect), (written) => {
        const { samples, metadata, tolerated } = read(dialect, write(dialect, written))
        assert.deepEqual(
          [...samples, ...metadata].sort((left, right) => left.line - right.line),
          entriesOf(written),
        )
        assert.deepEqual(tolerated, [])
      }),
      { numRuns: 500 },
    )
  })

  test(`${dialect}: each line is read as if it were alone`, () => {
    fc.assert(
      fc.property(lines(dialect), (written) => {
        const together = read(dialect, write(dialect, written)).samples
        const alone = written.flatMap((each) => read(dialect, write(dialect, [each])).samples)
        assert.deepEqual(
          together.map((sample) => ({ ...sample, line: 1 })),
          alone,
        )
      }),
      { numRuns: 300 },
    )
  })

  test(`${dialect}: every sample is in one family and in one metric`, () => {
    fc.assert(
      fc.property(lines(dialect), (written) => {
        const { samples, families } = read(dialect, write(dialect, written))
        const inFamilies = families.flatMap((family) => family.samples)
        const inMetrics = families.flatMap(groupMetrics).flatMap((metric) => metric.samples)
        for (const grouped of [inFamilies, inMetrics]) {
          assert.deepEqual(
            grouped.toSorted((left, right) => left.line - right.line),
            samples,
          )
        }
      }),
      { numRuns: 200 },
    )
  })

  test(`${dialect}: a damaged text is read, or refused with a place in it`, () => {
    const damage = fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...HOSTILE))
    fc.assert(
      fc.property(lines(dialect), fc.array(damage, { minLength: 1, maxLength: 3 }), (written, damages) => {
        checkVerdict(dialect, damages.reduce(spoil, write(dialect, written)))
      }),
      { numRuns: 2000 },
    )
  })

  test(`${dialect}: any bytes are read, or refused with a place in them`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => checkVerdict(dialect, bytes)),
      { numRuns: 1000 },
    )
  })
}

function read(dialect: Dialect, source: string | Uint8Array): Exposition {
  return parse(source, { contentType: dialect === 'text' ? 'text/plain' : 'application/openmetrics-text' })
}

function entriesOf(written: readonly Written[]): readonly object[] {
  return written.map(({ entry }, index) => ({ ...entry, line: index + 1 }))
}

/** Cuts some characters out and puts others in. */
function spoil(text: string, [at, length, inserted]: readonly [number, number, string]): string {
  const from = at % (text.length + 1)
  return text.slice(0, from) + inserted + text.slice(from + length)
}

/** Nothing but an ExpositionError may be thrown, its place is a place of the text, and what is read can be validated. */
function checkVerdict(dialect: Dialect, source: string | Uint8Array): void {
  try {
    for (const { line, message } of validate(read(dialect, source))) assert.ok(line >= 1 && message !== '')
  } catch (error) {
    if (!(error instanceof ExpositionError)) throw error
    const { place } = error
    assert.ok(place !== undefined, error.message)
    const texts =
      `${typeof source === 'string' ? source : new TextDecoder('utf-8', { ignoreBOM: true }).decode(source)}`.split(
        '\n',
      )
    assert.equal(texts[place.line - 1] ?? '', place.text)
    assert.ok(
      place.line <= texts.length + 1 && place.column >= 1 && place.column <= place.text.length + 1,
      error.message,
    )
  }
}
