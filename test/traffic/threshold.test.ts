import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../src/error.ts'
import { parseThreshold, type Rule } from '../../src/traffic/threshold.ts'

const UNDERSTOOD: Readonly<Record<Rule, readonly [limit: number, unit: string]>> = {
  'p95 < 50ms': [50, 'milliseconds'],
  'max <= 1s': [1000, 'milliseconds'],
  'mean > 0.5ms': [0.5, 'milliseconds'],
  'errors < 1%': [1, 'percent'],
  'errors == 0': [0, 'count'],
  'ok >= 99.9%': [99.9, 'percent'],
  'ok == 100%': [100, 'percent'],
  'late < 1%': [1, 'percent'],
  'dropped == 0': [0, 'count'],
  'unanswered <= 3': [3, 'count'],
  'rate > 90/s': [90, 'per second'],
  'rate >= 30/m': [0.5, 'per second'],
}

for (const [text, [limit, unit]] of Object.entries(UNDERSTOOD)) {
  test(`understood: ${text}`, () => {
    const [subject, operator] = text.split(' ')
    assert.deepEqual(parseThreshold(text), { text, subject, operator, limit, unit })
    assert.equal(parseThreshold(`  ${text.replaceAll(' ', '  ')} `).text, text)
  })
}

const REFUSED: Readonly<Record<string, RegExp>> = {
  'p96 < 5ms': /did you mean p95\?/,
  'error < 1%': /did you mean errors\?/,
  'speed < 1s': /known are: p95, p99, p90, p50, max/,
  'p95 =< 5ms': /compare by one of < <= > >= ==/,
  'p95 < 50': /a latency is compared with a duration .*'p95 < 50ms'/,
  'p95 < -5ms': /a latency is compared with a duration/,
  'p95 < 0x10s': /a latency is compared with a duration/,
  'p95 == 5ms': /a latency is compared with a duration by <, <=, > or >=/,
  'errors < 50ms': /a number or a share/,
  'errors < 1.5': /a number or a share/,
  'errors < -1': /a number or a share/,
  'rate > 90': /'rate > 90\/s'/,
  'rate > 0/s': /'rate > 90\/s'/,
  'rate == 90/s': /'rate > 90\/s'/,
  'p95<50ms': /with blanks between/,
  'p95 < 50ms please': /with blanks between/,
  '': /with blanks between/,
  'errors < 0': /always or never holds/,
  'errors >= 0%': /always or never holds/,
  'errors <= 100%': /always or never holds/,
  'errors < 101%': /always or never holds/,
  'ok > 100%': /always or never holds/,
  'ok == 101%': /always or never holds/,
  'p95 < 0ms': /always or never holds/,
}

for (const [text, hint] of Object.entries(REFUSED)) {
  test(`refused: ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseThreshold(text),
      (error) => {
        assert.ok(error instanceof UsageError)
        assert.ok(error.message.startsWith(`not a threshold: ${JSON.stringify(text)}\n`), error.message)
        assert.match(error.message, hint)
        return true
      },
    )
  })
}
