import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../src/error.ts'
import { expect } from '../../src/expect/expect.ts'
import { startPage } from './page.ts'

const soon = { within: '100ms' } as const

/** A histogram with the bounds 1, 2, 4 and these counts. */
function seconds(counts: readonly number[], labels = ''): string {
  const lines = ['1', '2', '4', '+Inf'].map(
    (le, index) => `seconds_bucket{le="${le}"${labels}} ${counts[index]}\n`,
  )
  return `# TYPE seconds histogram\n${lines.join('')}`
}

test('a quantile is estimated inside of its bucket', async () => {
  await using page = await startPage(seconds([10, 20, 40, 40]))
  const { metrics } = page
  await expect(metrics.quantile(0.25, 'seconds')).toBe(1)
  await expect(metrics.quantile(0.375, 'seconds')).toBe(1.5)
  await expect(metrics.quantile(0.75, 'seconds')).toBe(3)
  await expect(metrics.quantile(0.125, 'seconds_bucket')).toBe(0.5)
})

test('beyond the last bound it is that bound, before any observation nothing', async () => {
  await using page = await startPage(seconds([0, 0, 0, 5]))
  await expect(page.metrics.quantile(0.5, 'seconds')).toBe(4)
  await page.tell(seconds([0, 0, 0, 0]))
  await assert.rejects(expect(page.metrics.quantile(0.5, 'seconds')).toBe(0, soon), /no observation yet/)
})

test('the quantile 0 is the lower bound, also of an empty bucket', async () => {
  await using page = await startPage(seconds([0, 5, 5, 5]))
  await expect(page.metrics.quantile(0, 'seconds')).toBe(0)
})

test('buckets of all series that match are added up; by tells them apart', async () => {
  const text = `${seconds([10, 10, 10, 10], ',route="a"')}${seconds([0, 0, 10, 10], ',route="b"').replace(/^#.*\n/, '')}`
  await using page = await startPage(text)
  await expect(page.metrics.quantile(0.5, 'seconds')).toBe(1)
  await expect(page.metrics.quantile(0.5, 'seconds').by('route')).toEqual(new Map([['a', 0.5], ['b', 3]])) // biome-ignore format: one map
})

test('only what was observed since the mark counts', async () => {
  await using page = await startPage(seconds([100, 100, 100, 100]))
  const recent = await page.metrics.quantile(0.5, 'seconds').fromNow()
  await assert.rejects(expect(recent).toBe(0, soon), /no observation yet/)
  await page.tell(seconds([100, 100, 110, 110]))
  await expect(recent).toBe(3)
})

test('buckets that cannot be are refused', async () => {
  await using page = await startPage(seconds([10, 8, 40, 40]))
  const median = page.metrics.quantile(0.5, 'seconds')
  await assert.rejects(median.read(), /buckets are not cumulative\nseconds_bucket\{le="1"\} 10\n/)
  await page.tell(seconds([1, 2, 3, 3]).replace(/.*Inf.*\n/, ''))
  await assert.rejects(median.read(), /has no bucket le="\+Inf"/)
  await page.tell('seconds_bucket 4\n')
  await assert.rejects(median.read(), /a bucket has no bound/)
  await assert.rejects(page.metrics.quantile(0.5, 'second').read(), Failure)
})
