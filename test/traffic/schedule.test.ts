import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createClosedSchedule } from '../../src/traffic/closed-schedule.ts'
import { createOpenSchedule } from '../../src/traffic/open-schedule.ts'
import type { Schedule } from '../../src/traffic/schedule.ts'

const START = 1_000_000.25

function open(perSecond: number, milliseconds: number) {
  const drops: number[] = []
  const onDrop = (waited: number) => void drops.push(waited)
  return {
    drops,
    schedule: createOpenSchedule({ start: START, perSecond, milliseconds, timeout: 500, onDrop }),
  }
}

/** Takes all that may be sent at this time, as milliseconds since the start. */
function takeAll(schedule: Schedule, at: number): number[] {
  schedule.notice(START + at)
  const times: number[] = []
  for (let time = schedule.take(START + at); time !== undefined; time = schedule.take(START + at)) {
    times.push(time - START)
  }
  return times
}

test('100/s for 1 s is 100 requests, one each 10 ms', () => {
  const { schedule } = open(100, 1000)
  assert.deepEqual(takeAll(schedule, 0), [0])
  assert.deepEqual(takeAll(schedule, 9.9), [])
  assert.deepEqual(takeAll(schedule, 10), [10])
  assert.deepEqual(takeAll(schedule, 35), [20, 30])
  const rest = takeAll(schedule, 5000)
  assert.equal(rest.length + schedule.dropped, 96)
  assert.deepEqual(takeAll(schedule, 9000), [])
})

test('as many requests as lie before the end, whatever the rate', () => {
  const whole = fc.integer({ min: 1, max: 3000 })
  fc.assert(
    fc.property(whole, fc.integer({ min: 1, max: 60 }), (perSecond, seconds) => {
      const schedule = createOpenSchedule({
        start: 0.1,
        perSecond,
        milliseconds: seconds * 1000,
        timeout: 1e9,
        onDrop() {},
      })
      let count = 0
      while (schedule.take(1e8) !== undefined) count += 1
      assert.equal(count, perSecond * seconds)
      assert.ok(schedule.isEmpty(1e8))
    }),
    { numRuns: 50 },
  )
  const count = (perSecond: number, milliseconds: number) =>
    takeAll(open(perSecond, milliseconds).schedule, 400).length
  assert.equal(count(0.5, 1000), 1)
  assert.equal(count(33.3, 100), 4)
})

test('it says when the next one is due', () => {
  const { schedule } = open(100, 30)
  takeAll(schedule, 0)
  assert.equal(schedule.untilNext(START + 4), 6)
  assert.equal(schedule.untilNext(START + 14), 0)
  takeAll(schedule, 20)
  assert.equal(schedule.untilNext(START + 20), Number.POSITIVE_INFINITY)
  assert.deepEqual([schedule.isOver(START + 29), schedule.isOver(START + 30)], [false, true])
})

test('what is noticed more than 10 ms after its time is late', () => {
  const { schedule } = open(100, 1000)
  takeAll(schedule, 0)
  takeAll(schedule, 19)
  assert.equal(schedule.late, 0)
  takeAll(schedule, 65) // 20, 30, 40, 50 are late by more than 10; 60 is not
  assert.equal(schedule.late, 4)
})

test('what waits for a connection is not late, keeps its time, and is dropped after its timeout', () => {
  const { schedule, drops } = open(100, 1000)
  for (let at = 0; at <= 505; at += 5) schedule.notice(START + at)
  assert.equal(schedule.late, 0)
  assert.equal(schedule.dropped, 1)
  assert.deepEqual(drops, [500])
  assert.equal(schedule.take(START + 505), START + 10)
  assert.equal(schedule.isEmpty(START + 505), false)
  schedule.giveUp(START + 1100)
  assert.equal(schedule.dropped, 99)
  assert.deepEqual([drops.at(1), drops.at(-1)], [1080, 110])
  assert.ok(schedule.isEmpty(START + 1100))
})

test('a closed loop ends by number, by time, or by whichever comes first', () => {
  assert.equal(takeAll(createClosedSchedule({ start: START, requests: 7 }), 0).length, 7)
  const schedule = createClosedSchedule({ start: START, milliseconds: 100, requests: 3 })
  assert.equal(schedule.take(START + 99), START + 99)
  assert.equal(schedule.take(START + 100), undefined)
  assert.deepEqual([schedule.isOver(START + 99), schedule.isOver(START + 100)], [false, true])
  assert.equal(schedule.planned, 100)
  const byNumber = createClosedSchedule({ start: START, milliseconds: 100, requests: 1 })
  byNumber.take(START)
  assert.deepEqual([byNumber.isOver(START), byNumber.planned], [true, 0])
})

test('a closed loop pauses ever longer while it is refused', () => {
  const schedule = createClosedSchedule({ start: START, milliseconds: 60_000 })
  let now = START
  const pauses: number[] = []
  for (let round = 0; round < 11; round += 1) {
    schedule.refused(now)
    schedule.refused(now) // the other connections of the same moment
    assert.equal(schedule.take(now), undefined)
    pauses.push(schedule.untilNext(now))
    now += schedule.untilNext(now)
    assert.equal(schedule.take(now), now)
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 250, 250, 250])
  schedule.refused(now + 1000)
  assert.equal(schedule.untilNext(now + 1000), 1)
})
