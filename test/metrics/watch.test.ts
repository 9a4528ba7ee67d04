import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Context, runInContext, type Teardown } from '../../src/context.ts'
import { Failure, UsageError } from '../../src/error.ts'
import { atLeast } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import { storyOf } from './golden.ts'
import { startPage } from './page.ts'

const soon = { within: '100ms' } as const
const often = { every: '10ms' } as const

function requests(...values: readonly number[]): string {
  return values.map((value, index) => `requests_total{worker_id="${index + 1}"} ${value}\n`).join('')
}

test('no falls are proven by looks at both ends', async () => {
  await using page = await startPage(requests(5))
  await using falls = await page.metrics.watch('requests_total')
  await page.tell(requests(9, 1))
  await expect(falls).toEqual([])
})

test('a fall between two looks of the script is remembered', async () => {
  await using page = await startPage(requests(50, 7))
  await using falls = await page.metrics.watch('requests_total', {}, often)
  await page.tell(requests(3, 7))
  await expect(falls).toHaveSize(atLeast(1))
  await page.tell(requests(60, 7))
  assert.equal(
    (await storyOf(expect(falls).toEqual([], soon))).replace(/in \d+ looks/, 'in N looks'),
    `a counter fell: falls of requests_total
  expected  []
  last      1 fall in N looks
            requests_total{worker_id="1"} 50 → 3
  waited    TIME, READS: 1 fall
  at        LINE`,
  )
})

test('the background sees what the script never looks at', async () => {
  await using page = await startPage(requests(50))
  await using falls = await page.metrics.watch('requests_total', {}, often)
  await page.tell(requests(2))
  await expect(page.served).toBe(atLeast(3))
  await page.tell(requests(70))
  await expect(falls).toHaveSize(atLeast(1))
})

test('a series that goes is a fall, and its return with less another', async () => {
  await using page = await startPage(requests(5, 6))
  await using falls = await page.metrics.watch('requests_total', {}, often)
  await page.tell('other 1\n')
  await expect(page.served).toBe(atLeast(4))
  await expect(falls).toHaveSize(2)
  await page.tell(requests(5, 2))
  await expect(falls).toEqual([
    { series: 'requests_total{worker_id="1"}', from: 5, to: 'gone' },
    { series: 'requests_total{worker_id="2"}', from: 6, to: 'gone' },
    { series: 'requests_total{worker_id="2"}', from: 6, to: 2 },
  ])
})

test('no falls are not proven of what was never there', async () => {
  await using page = await startPage(requests(5))
  await using falls = await page.metrics.watch('request_total')
  await assert.rejects(expect(falls).toEqual([], soon), /not seen at two looks yet: request_total/)
})

test('no falls are not proven by a page that cannot be read any more', async () => {
  await using page = await startPage(requests(5))
  await using falls = await page.metrics.watch('requests_total')
  await page.tell({ text: 'gone', status: 503 })
  await assert.rejects(expect(falls).toEqual([], soon), Failure)
})

test('a gauge is not watched for falls', async () => {
  await using page = await startPage('# TYPE memory gauge\nmemory 5\n')
  await assert.rejects(page.metrics.watch('memory'), UsageError)
})

test('a watch ends with what owns it', async () => {
  await using page = await startPage(requests(5))
  const owned: { what: string; teardown: Teardown }[] = []
  const context = contextThat((what, teardown) => owned.push({ what, teardown }))
  await runInContext(context, () => page.metrics.watch('requests_total', {}, often))
  assert.deepEqual(owned.map(({ what }) => what), ['watch of requests_total']) // biome-ignore format: one line
  await owned[0]?.teardown(AbortSignal.timeout(60_000))
  // Nothing looks any more: answers given in turn stay where they are.
  await page.tell('first 1\n', 'second 1\n')
  assert.equal(await page.metrics.text().read(), 'first 1\n')
})

function contextThat(own: (what: string, teardown: Teardown) => void): Context {
  return {
    scenario: 'test',
    signal: new AbortController().signal,
    own,
    owe() {},
    countClaim() {},
    fail() {},
    workdir: () => '.',
  }
}
