import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Duration,
  formatDuration,
  isDuration,
  milliseconds,
  period,
  perSecond,
} from '../src/duration.ts'
import { UsageError } from '../src/error.ts'

for (const [text, expected] of [
  ['250ms', 250],
  ['5s', 5000],
  ['1.5s', 1500],
  ['2m', 120_000],
  ['1h', 3_600_000],
] as const) {
  test(`${text} is ${expected} milliseconds`, () => {
    assert.equal(milliseconds(text), expected)
  })
}

for (const text of ['5', '-5s', '0x10s', '5 s', '5sec', '', '1e3ms', 's', 'Infinitys', '5S']) {
  test(`${JSON.stringify(text)} is no duration`, () => {
    assert.equal(isDuration(text), false)
    assert.throws(() => milliseconds(text as Duration), UsageError) // why: template types accept some of these, too
  })
}

for (const [value, expected] of [
  [0, '0ms'],
  [0.4, '0.4ms'],
  [7.4, '7ms'],
  [999.4, '999ms'],
  [999.6, '1.0s'],
  [59_940, '59.9s'],
  [125_000, '2m 05s'],
  [3_725_000, '1h 02m'],
  [-5000, '-5.0s'],
] as const) {
  test(`${value} ms are written ${expected}`, () => {
    assert.equal(formatDuration(value), expected)
  })
}

test('a rate is a number a second, a minute or an hour', () => {
  assert.equal(perSecond('100/s'), 100)
  assert.equal(perSecond('30/m'), 0.5)
  assert.equal(perSecond('36/h'), 0.01)
})

for (const text of ['100', '0/s', '-1/s', '10/d', '/s'] as const) {
  test(`${JSON.stringify(text)} is no rate`, () => {
    assert.throws(() => perSecond(text as '1/s'), UsageError) // why: as above
  })
}

test('a period knows its seconds and writes itself', () => {
  assert.equal(period(2500).seconds, 2.5)
  assert.equal(`${period(2500)}`, '2.5s')
})
