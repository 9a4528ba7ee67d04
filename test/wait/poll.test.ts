import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../src/error.ts'
import { type PollOptions, poll } from '../../src/wait/poll.ts'

function options(more: Partial<PollOptions<number>> = {}): PollOptions<number> {
  return { what: 'a number', within: 10_000, judge: (value) => ({ met: value >= 3 }), ...more }
}

test('looks at once, and no more when that is enough', async () => {
  const waited = await poll(async () => 3, options())
  assert.equal(waited.ended, 'met')
  assert.equal(waited.count, 1)
})

test('looks until it holds and keeps every value on the way', async () => {
  let value = 0
  const waited = await poll(async () => (value += 1), options())
  assert.equal(waited.ended, 'met')
  assert.deepEqual(
    waited.looks.map(({ saw }) => saw),
    ['1', '2', '3'],
  )
})

test('ends at its deadline, with at least one whole look', async () => {
  const waited = await poll(async () => 1, options({ within: 0 }))
  assert.equal(waited.ended, 'deadline')
  assert.equal(waited.count, 1)
  assert.equal(waited.value, 1)
})

test('a look that fails is no end: the error is kept, and the last value', async () => {
  let looks = 0
  const read = async () => {
    looks += 1
    if (looks === 1) return 1
    throw new Error(`refused ${looks}`)
  }
  const waited = await poll(read, options({ within: 60 }))
  assert.equal(waited.ended, 'deadline')
  assert.equal(waited.value, 1)
  assert.match(waited.error?.message ?? '', /^refused \d+$/)
})

test('a verdict that can never change ends the wait at once', async () => {
  const waited = await poll(
    async () => 5,
    options({ judge: () => ({ met: false, final: true, hint: 'passed' }) }),
  )
  assert.equal(waited.ended, 'final')
  assert.equal(waited.count, 1)
  assert.equal(waited.hint, 'passed')
})

test('what must hold for a while is not met by passing through it', async () => {
  let value = 0
  const judge = (seen: number) => (seen === 3 ? { met: true as const } : { met: false as const })
  const waited = await poll(async () => (value += 1), options({ judge, within: 200, holding: 50 }))
  assert.equal(waited.ended, 'deadline')
  assert.ok(waited.looks.some(({ saw }) => saw === '3'))
})

test('what holds for the whole while is met, after that while', async () => {
  const waited = await poll(async () => 3, options({ holding: 40 }))
  assert.equal(waited.ended, 'met')
  assert.ok(waited.milliseconds >= 40)
  assert.ok(waited.count >= 2)
})

test('a read that ignores its signal cannot hold the wait', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('the service died')), 20)
  const waited = await poll(() => new Promise<number>(() => {}), options({ signal: stop.signal }))
  assert.equal(waited.ended, 'aborted')
  assert.equal(waited.error?.message, 'the service died')
})

test('a read is told when nobody waits any more', async () => {
  let told: AbortSignal | undefined
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('over')), 20)
  const read = (signal: AbortSignal) => {
    told = signal
    return new Promise<number>(() => {})
  }
  await poll(read, options({ signal: stop.signal }))
  assert.equal(told?.aborted, true)
})

test('a mistake of the script is not waited for', async () => {
  await assert.rejects(
    poll(async () => {
      throw new UsageError('no such metric name')
    }, options()),
    UsageError,
  )
})

test('what must be done only once is done only once', async () => {
  let sent = 0
  const waited = await poll(async () => (sent += 1), options({ once: true }))
  assert.equal(waited.ended, 'once')
  assert.equal(sent, 1)
})

test('the list of looks is bounded, the count is not', async () => {
  const waited = await poll(async () => 0, options({ within: 3500, show: () => 'x' }))
  assert.ok(waited.looks.length <= 200)
  assert.equal(waited.count >= waited.looks.length, true)
})

test('a look that the deadline cuts off right away does not hide what was seen before', async () => {
  let looks = 0
  const read = () => {
    looks += 1
    return looks === 1 ? Promise.resolve(1) : new Promise<number>(() => {})
  }
  const waited = await poll(read, options({ within: 30 }))
  assert.equal(waited.ended, 'deadline')
  assert.equal(waited.error, undefined)
  assert.equal(waited.value, 1)
})

test('a look that had time and no answer is what was seen last', async () => {
  let looks = 0
  const read = () => {
    looks += 1
    return looks === 1 ? Promise.resolve(1) : new Promise<number>(() => {})
  }
  const waited = await poll(read, options({ within: 1500 }))
  assert.match(waited.error?.message ?? '', /no answer before the deadline/)
})
