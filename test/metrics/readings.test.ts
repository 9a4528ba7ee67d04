import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure, UsageError } from '../../src/error.ts'
import { below } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import { errorOf, storyOf } from './golden.ts'
import { startPage } from './page.ts'

const WORKERS = `# TYPE requests_total counter
requests_total{worker_id="1",method="GET"} 12
requests_total{worker_id="2",method="GET"} 30
requests_total{worker_id="2",method="POST"} 8
# TYPE memory_bytes gauge
memory_bytes 4096
`

const soon = { within: '100ms' } as const

test('value, sum and by read what the page says now', async () => {
  await using page = await startPage(WORKERS)
  const { metrics } = page
  await expect(metrics.value('memory_bytes')).toBe(4096)
  await expect(metrics.value('requests_total', { worker_id: '1' })).toBe(12)
  await expect(metrics.sum('requests_total')).toBe(50)
  await expect(metrics.sum('requests_total').by('worker_id')).toEqual(
    new Map([
      ['1', 12],
      ['2', 38],
    ]),
  )
  await page.tell(WORKERS.replace(' 12', ' 13'))
  await expect(metrics.sum('requests_total')).toBe(51)
})

test('labels match by text, pattern, list; an empty text is a missing label', async () => {
  await using page = await startPage(`${WORKERS}requests_total 5\n`)
  const sum = (labels: Parameters<typeof page.metrics.sum>[1]) =>
    page.metrics.sum('requests_total', labels).read()
  assert.equal(await sum({ method: /OST/y }), 8)
  assert.equal(await sum({ worker_id: ['1', '2'], method: 'GET' }), 42)
  assert.equal(await sum({ worker_id: '' }), 5)
  assert.equal(await sum({ worker_id: ['', '1'] }), 17)
})

test('a selection that cannot mean what it says is a mistake of the script', async () => {
  await using page = await startPage(WORKERS)
  assert.throws(() => page.metrics.sum('requests_total{method="GET"}'), UsageError)
  assert.throws(() => page.metrics.sum(''), UsageError)
  assert.throws(() => page.metrics.sum('requests_total', { method: [] }), UsageError)
  assert.throws(() => page.metrics.quantile(95, 'seconds'), UsageError)
})

test('value of several series is a mistake of the script, told at once', async () => {
  await using page = await startPage(WORKERS)
  const error = await errorOf(
    expect(page.metrics.value('requests_total', { method: 'GET' })).toBe(42, { within: '1h' }),
  )
  assert.ok(error instanceof UsageError)
  assert.equal(
    error.message,
    `requests_total{method="GET"} is 2 series, one is expected
  last      requests_total{worker_id="1",method="GET"} 12
            requests_total{worker_id="2",method="GET"} 30
  hint      name the labels of the one that is meant, or use sum(…)`,
  )
})

test('what is not there is "not yet", never 0, and the nearest name is shown', async () => {
  await using page = await startPage(WORKERS)
  assert.equal(
    await storyOf(expect(page.metrics.sum('request_total')).toBe(0, soon)),
    `metric not as expected: request_total summed
  expected  0
  last      not there yet: request_total
            did you mean requests_total?
  waited    TIME, READS: not there yet: request_total
  at        LINE`,
  )
  assert.equal(
    await storyOf(expect(page.metrics.value('requests_total', { worker: '1' })).toBe(0, soon)),
    `metric not as expected: requests_total{worker="1"}
  expected  0
  last      not there yet: requests_total{worker="1"}
            of that name there is:
            requests_total{worker_id="1",method="GET"} 12
            requests_total{worker_id="2",method="GET"} 30
            requests_total{worker_id="2",method="POST"} 8
            none of them has a label worker: did you mean worker_id?
  waited    TIME, READS: LONG
  at        LINE`,
  )
})

test('a wait goes on until the metric is there', async () => {
  await using page = await startPage()
  await page.tell('', '', WORKERS)
  await expect(page.metrics.value('memory_bytes')).toBe(4096)
})

test('NaN is never equal to anything, and is no value to count from', async () => {
  await using page = await startPage('# TYPE age gauge\nage NaN\n')
  const age = page.metrics.value('age')
  await assert.rejects(age.read(), /NaN is no value: age/)
  await assert.rejects(expect(age).toEqual(Number.NaN, soon), Failure)
  await assert.rejects(expect(age).toBe(below(5), soon), Failure)
  await assert.rejects(expect(age).toBeDefined(soon), Failure)
})

test('a page that repeats a series is refused by sum and counted once by distinct', async () => {
  await using page = await startPage(
    'restarts_total{reason="hup"} 1\nother 1\nrestarts_total{reason="hup"} 1\n',
  )
  const { metrics } = page
  assert.equal(
    await storyOf(expect(metrics.sum('restarts_total')).toBe(2, soon)),
    `metric not as expected: restarts_total summed
  expected  2
  last      the exposition repeats a series: restarts_total{reason="hup"}
            line 1: 1
            line 3: 1
            a sum would count it more than once: a defect of the exporter; distinct(…) counts identical series once
  waited    TIME, READS: LONG
  at        LINE`,
  )
  await assert.rejects(metrics.value('restarts_total').read(), /repeats a series/)
  await expect(metrics.distinct('restarts_total', { reason: 'hup' })).toBe(1)
  await expect(metrics.count('restarts_total')).toBe(1)
  await expect(metrics.samples('restarts_total')).toHaveSize(2)
  await page.tell('restarts_total{reason="hup"} 1\nrestarts_total{reason="hup"} 2\n')
  await assert.rejects(metrics.distinct('restarts_total').read(), /contradicts itself/)
})

test('count is how many different series there are; 0 only of a name that is there or was', async () => {
  await using page = await startPage(WORKERS)
  const workers = page.metrics.count('requests_total')
  await expect(workers).toBe(3)
  await expect(workers.by('method')).toEqual(new Map([['GET', 2], ['POST', 1]])) // biome-ignore format: one map
  await expect(page.metrics.count('requests_total', { method: 'PUT' })).toBe(0)
  await assert.rejects(expect(page.metrics.count('requests')).toBe(0, soon), Failure)
  await assert.rejects(expect(page.metrics.count('requests_total', { methd: 'PUT' })).toBe(0, soon), Failure)
  await page.tell('memory_bytes 1\n')
  await expect(workers).toBe(0)
  await assert.rejects(expect(page.metrics.count('requests_total')).toBe(0, soon), Failure)
})
