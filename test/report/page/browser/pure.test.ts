import assert from 'node:assert/strict'
import { test } from 'node:test'
import { levelOf } from '../../../../src/report/page/browser/level.ts'
import { describeLooks } from '../../../../src/report/page/browser/looks.ts'
import { createMatch } from '../../../../src/report/page/browser/match.ts'
import { packRows } from '../../../../src/report/page/browser/rows.ts'
import { createStore } from '../../../../src/report/page/browser/store.ts'
import { formatMoment, formatSpan, ticksOf } from '../../../../src/report/page/browser/time.ts'
import { clampView, pan, zoom } from '../../../../src/report/page/browser/view.ts'

test('spans and moments are written as people write them', () => {
  assert.deepEqual([0, 7.4, 480, 999.4, 1000, 9990, 12_345, 59_960, 125_000, 3_725_000].map(formatSpan), [
    '0 ms',
    '7 ms',
    '480 ms',
    '999 ms',
    '1.00 s',
    '9.99 s',
    '12.3 s',
    '1 m 00 s',
    '2 m 05 s',
    '1 h 2 m 05 s',
  ])
  assert.deepEqual([0, 12_345, 62_345, -1500].map(formatMoment), ['0.000', '12.345', '1:02.345', '-1.500'])
})

test('ticks are round, and never more than there is room for', () => {
  for (const span of [3, 20, 777, 5000, 61_000, 3_600_000, 90_000_000]) {
    const ticks = ticksOf({ from: 13, to: 13 + span }, 10)
    assert.ok(ticks.length >= 1 && ticks.length <= 11, `${span}: ${ticks.length}`)
    assert.equal(new Set(ticks.map(({ text }) => text)).size, ticks.length, `${span}: all different`)
  }
  assert.deepEqual(
    ticksOf({ from: 0, to: 10_000 }, 5).map(({ text }) => text),
    ['0 s', '2 s', '4 s', '6 s', '8 s', '10 s'],
  )
})

test('a view stays inside of the run, however it is moved', () => {
  const extent = { end: 1000 }
  const whole = clampView({ from: -1e9, to: 1e9 }, extent)
  assert.deepEqual(whole, { from: -10, to: 1010 })
  assert.deepEqual(zoom(whole, { factor: 9 }, extent), whole)
  assert.deepEqual(pan(whole, 5, extent), whole)
  const near = zoom(whole, { factor: 0.1, around: 500 }, extent)
  assert.ok(near.to - near.from < 103 && near.from < 500 && near.to > 500)
  assert.equal(pan(near, 1000, extent).to, 1010)
  assert.ok(zoom(near, { factor: 1e-9 }, extent).to - zoom(near, { factor: 1e-9 }, extent).from >= 5)
})

test('what overlaps gets a row of its own, what follows shares one', () => {
  const spans = [
    [0, 10, 0],
    [1, 5, 1],
    [5, 9, 1],
    [6, 8, 1],
    [10, 20, 0],
  ] as const
  assert.deepEqual(packRows(spans.map(([from, to, least]) => ({ from, to, least }))), [0, 1, 1, 2, 0])
})

test('a text is found in any case, a pattern between slashes, and a broken one finds nothing', () => {
  assert.equal(createMatch('').test('anything'), true)
  assert.equal(createMatch('a.b').test('A.B'), true)
  assert.equal(createMatch('a.b').test('axb'), false)
  assert.equal(createMatch('/a.b/').test('axb'), true)
  assert.deepEqual(createMatch('b').split('aBc'), ['a', 'B', 'c'])
  assert.deepEqual(createMatch('/x*/').split('axb'), ['a', 'x', 'b'])
  const broken = createMatch('/(/')
  assert.deepEqual([broken.isBroken, broken.test('(')], [true, false])
})

test('a level is what the beginning of a line says', () => {
  const levels = {
    '[2026-11-21] [4638] [ERROR] it broke': 'error',
    'ts=1 caller=main.go level=warn msg="an error is near"': 'warning',
    '2026/11/21 [crit] 7#7: x': 'error',
    'DEBUG: panic mode is off': 'debug',
    'ready to accept connections': 'info',
    'terrors and warnings': 'info',
  } as const
  for (const [line, level] of Object.entries(levels)) assert.equal(levelOf(line), level, line)
})

test('equal looks are told once, and many are cut in the middle', () => {
  assert.equal(
    describeLooks({
      looks: [
        [0, '12', 0],
        [1, '60', 0],
        [2, '60', 0],
        [3, 'refused', 1],
      ],
    }),
    '12 → 60 ×2 → (refused)',
  )
  const many = Array.from({ length: 40 }, (_, index) => [index, String(index), 0] as const)
  assert.match(describeLooks({ looks: many }), /^0 → 1 → .* → … 28 more … → .* → 39$/)
})

test('followers of the store hear what is new, and nothing where nothing is', () => {
  const store = createStore({ part: -1, view: { from: 0, to: 1 }, scope: 'run', search: '' })
  const heard: string[] = []
  store.follow((state, changed) => heard.push(`${state.part} ${[...changed].join()}`))
  store.set({ part: 3 })
  store.set({ part: 3 })
  assert.deepEqual(heard, ['-1 part,view,scope,search', '3 part'])
})
