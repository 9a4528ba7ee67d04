import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Asked } from '../../src/doubt/questions.ts'
import { judgeRun, type Verdict } from '../../src/doubt/verdict.ts'
import type { ErrorRecord, Event, Happening } from '../../src/event.ts'

const ASKED: Asked = {
  ...{
    script: 'shop.mts',
    place: { story: 'a shop', step: '', at: 'shop.mts:5', column: 3 },
    reading: 'debts',
  },
  ...{
    of: 'series',
    isRead: false,
    isSending: false,
    matcher: 'toBe',
    lie: 'zero',
    words: 'is zero',
    took: 5,
  },
  ...{ claim: 'toBe 5', seen: '5', traces: [], next: [], paces: {} },
}
const TOLD: Happening = { kind: 'doubt:told', reading: 'debts', lie: 'zero' }
const FAILED: ErrorRecord = { code: 'failed', title: 'not as expected: debts', message: '', at: 'shop.mts:5' }

function end(error?: ErrorRecord): Happening {
  const outcome = error === undefined ? 'passed' : 'failed'
  return { kind: 'scenario:end', id: '1', title: 'a shop', outcome, seconds: 1, claims: 1, more: [], error }
}

function judge(...happenings: readonly Happening[]): Verdict {
  const events = happenings.map((one): Event => ({ time: 0, script: 'shop.mts', ...one }))
  return judgeRun(ASKED, events, 1)
}

test('a red run after the lie has noticed it, and says by what', () => {
  const { outcome, by, red } = judge(TOLD, end(FAILED))
  assert.deepEqual([outcome, by, red], ['noticed', 'not as expected: debts (shop.mts:5)', ['shop.mts:5']])
})

test('the step that went red is the innermost one of its scenario', () => {
  const step = (title: string, scenario: string, outcome: 'passed' | 'failed'): Event => ({
    ...{ time: 0, script: 'shop.mts', kind: 'step:end', id: title, parent: scenario, scenario },
    ...{ title, outcome, seconds: 1, proves: [] },
  })
  const start: Event = {
    ...{
      time: 0,
      script: 'shop.mts',
      kind: 'scenario:start',
      id: '2',
      title: 'a shop',
      tags: [],
      timeout: 1,
    },
  }
  const steps = [
    step('of another', '1', 'failed'),
    step('opens', '2', 'passed'),
    step('a debt', '2', 'failed'),
    step('debts', '2', 'failed'),
  ]
  assert.equal(judge(TOLD, start, ...steps, end(FAILED)).redStep, 'a debt')
  assert.equal(judge(TOLD, start, end(FAILED)).redStep, '')
})

test('a green run after the lie has not', () => {
  assert.equal(judge(TOLD, end()).outcome, 'unnoticed')
})

test('a script that ended in the middle has noticed it', () => {
  assert.equal(judge(TOLD).outcome, 'noticed')
})

test('nothing is clear without a lie', () => {
  assert.match(judge(end()).by, /never came to that line again/)
  assert.match(judge(end(FAILED)).by, /red before anything was falsified: not as expected: debts/)
  assert.match(judge().by, /did not run/)
  for (const verdict of [judge(end()), judge(end(FAILED)), judge()]) assert.equal(verdict.outcome, 'unclear')
})

test('a TypeError of the project is a defect, one of the script is a red run', () => {
  const thrown = (file: string): ErrorRecord => ({
    ...{ code: 'failed', title: 'TypeError: x is undefined', message: 'TypeError: x is undefined' },
    stack: `TypeError: x is undefined\n    at look (file://${file}:5:3)`,
  })
  const own = join(import.meta.dirname, '../../src/metrics/metric.ts')
  assert.equal(judge(TOLD, end(thrown(own))).outcome, 'defect')
  assert.equal(judge(TOLD, end(thrown('/home/me/shop.mts'))).outcome, 'noticed')
})
