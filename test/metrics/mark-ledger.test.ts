import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../src/error.ts'
import { expect } from '../../src/expect/expect.ts'
import { storyOf } from './golden.ts'
import { startPage } from './page.ts'

const soon = { within: '100ms' } as const

/** A counter with these values by worker. */
function requests(...values: readonly number[]): string {
  const lines = values.map((value, index) => `requests_total{worker_id="${index + 1}"} ${value}\n`)
  return `# TYPE requests_total counter\n${lines.join('')}`
}

test('0 of a metric that never was there is not proven', async () => {
  await using page = await startPage(requests(10))
  const { metrics } = page
  const misspelt = await metrics.sum('request_total').fromNow()
  await assert.rejects(expect(misspelt).toBe(0, soon), /not there yet: request_total/)
  const otherLabel = await metrics.sum('requests_total', { worker: '3' }).fromNow()
  await assert.rejects(expect(otherLabel).toBe(0, soon), /did you mean worker_id\?/)
  await assert.rejects(expect(otherLabel.by('worker_id')).toHaveSize(0, soon), Failure)
  await assert.rejects(expect(otherLabel.rate()).toBe(0, soon), Failure)
  await page.tell('# nothing yet\n')
  await assert.rejects(expect(misspelt).toBe(0, soon), Failure)
})

test('0 is proven where the name is there: with other values of its labels, or announced', async () => {
  await using page = await startPage(requests(10))
  const third = await page.metrics.sum('requests_total', { worker_id: '3' }).fromNow()
  await expect(third).toBe(0)
  await page.tell('# TYPE restarts counter\n# TYPE seconds histogram\n')
  await expect(await page.metrics.sum('restarts').fromNow()).toBe(0)
  await expect(await page.metrics.sum('seconds_count').fromNow()).toBe(0)
  const first = await page.metrics.value('restarts', { reason: 'hup' }).fromNow()
  await page.tell('# TYPE restarts counter\nrestarts{reason="hup"} 1\n')
  await expect(first).toBe(1)
})

test('a counter that falls has lost what it counted, also when it rises again', async () => {
  await using page = await startPage(requests(10, 20))
  const counted = await page.metrics.sum('requests_total').fromNow()
  await page.tell(requests(60, 25))
  await expect(counted).toBe(55)
  await page.tell(requests(40, 45))
  assert.equal(
    await storyOf(expect(counted).toBe(55, soon)),
    `metric did not rise: requests_total summed
  expected  to rise by 55
  last      a counter fell: requests_total{worker_id="1"}
            from 60 to 40: what it had counted is lost
            where its process is meant to start again: fromNow({ restarts: 'count' })
  waited    TIME, READS: LONG
  at        LINE`,
  )
  await page.tell(requests(61, 46))
  await assert.rejects(expect(counted).toBe(77, soon), /a counter fell: requests_total\{worker_id="1"\}/)
})

test('a series that is gone is named', async () => {
  await using page = await startPage(requests(10, 20))
  const counted = await page.metrics.sum('requests_total').fromNow()
  await page.tell(requests(30))
  await assert.rejects(expect(counted).toBe(20, soon), /a series is gone: requests_total\{worker_id="2"\}/)
  await page.tell('# TYPE requests_total counter\n')
  await assert.rejects(expect(counted).toBe(0, soon), /a series is gone: .* and 1 more/)
})

test('restarts are counted where that is asked for', async () => {
  await using page = await startPage(requests(10, 20))
  const counted = await page.metrics.sum('requests_total').fromNow({ restarts: 'count' })
  await page.tell(requests(15, 22))
  await expect(counted).toBe(7)
  await page.tell(requests(3))
  await expect(counted).toBe(10)
  await page.tell(requests(4, 1))
  await expect(counted).toBe(12)
})

test('a look that began before another one ended is not compared with it', async () => {
  await using page = await startPage(requests(10))
  const counted = await page.metrics.sum('requests_total').fromNow()
  await page.tell({ text: requests(12), delay: 300 }, requests(20))
  const slow = counted.read()
  await expect(page.served).toBe(1)
  const quick = counted.read()
  assert.deepEqual(await Promise.all([slow, quick]), [2, 10])
  await page.tell(requests(19))
  await assert.rejects(counted.read(), /a counter fell/)
})

test('a value that is no number hides no fall', async () => {
  await using page = await startPage('requests_total 60\n')
  const counted = await page.metrics.value('requests_total').fromNow()
  await page.tell('requests_total NaN\n')
  await assert.rejects(counted.read(), /NaN is no value/)
  await page.tell('requests_total 40\n')
  await assert.rejects(counted.read(), /a counter fell/)
})
