import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { UsageError } from '../../src/error.ts'
import { atLeast } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import { errorOf, storyOf } from './golden.ts'
import { startPage } from './page.ts'

const soon = { within: '100ms' } as const

/** A counter with these values by worker. */
function requests(...values: readonly number[]): string {
  const lines = values.map((value, index) => `requests_total{worker_id="${index + 1}"} ${value}\n`)
  return `# TYPE requests_total counter\n${lines.join('')}`
}

test('a metric counts from its mark, 0 now', async () => {
  await using page = await startPage(requests(10, 2))
  const counted = await page.metrics.sum('requests_total').fromNow()
  await expect(counted).toBe(0)
  await page.tell(requests(60, 48))
  await expect(counted).toBe(96)
  assert.equal(
    await storyOf(expect(counted).toBe(100, soon)),
    `metric did not rise: requests_total summed
  expected  to rise by 100
  last      rose by 96  (12 → 108)
  waited    TIME, READS: 108
  at        LINE`,
  )
  const again = await counted.fromNow()
  await expect(again).toBe(0)
})

test('a counter that passed the number ends the wait at once', async () => {
  await using page = await startPage(requests(10))
  const counted = await page.metrics.value('requests_total').fromNow()
  await page.tell(requests(13))
  assert.equal(
    await storyOf(expect(counted).toBe(2, { within: '1h' })),
    `metric did not rise: requests_total
  expected  to rise by 2
  last      rose by 3  (10 → 13)
  waited    TIME, READS: 13
  at        LINE
  hint      no later look can change this, so it was not waited for any longer
  hint      it can only rise, and it passed 2`,
  )
})

test('a gauge may pass the number and come back', async () => {
  await using page = await startPage('# TYPE jobs_total gauge\njobs_total 5\n')
  const counted = await page.metrics.value('jobs_total').fromNow()
  const jobs = (value: number) => `# TYPE jobs_total gauge\njobs_total ${value}\n`
  await page.tell(jobs(9), jobs(3), jobs(7), jobs(7))
  await expect(counted).toBe(2)
  await page.tell(jobs(3))
  assert.match(
    await storyOf(expect(counted).toBe(4, soon)),
    /did not change: jobs_total\n {2}expected {2}to change by 4\n {2}last {6}changed by /,
  )
})

test('a series that appears later starts at 0', async () => {
  await using page = await startPage(requests(10))
  const counted = await page.metrics.sum('requests_total').fromNow()
  await page.tell(requests(10, 7))
  await expect(counted).toBe(7)
})

test('by has those that something was counted for', async () => {
  await using page = await startPage(requests(10, 20))
  const counted = await page.metrics.sum('requests_total').fromNow()
  await page.tell(requests(15, 20))
  await expect(counted.by('worker_id')).toEqual(new Map([['1', 5]]))
  await assert.rejects(expect(counted.by('worker_id')).toHaveSize(2, soon), /by worker_id, since the mark/)
  await assert.rejects(expect(counted.by('worker')).toHaveSize(0, soon), /no series has a label worker/)
})

test('how many series come and go can be counted', async () => {
  await using page = await startPage(requests(10, 20))
  const more = await page.metrics.count('requests_total').fromNow()
  await page.tell(requests(1, 2, 3))
  await expect(more).toBe(1)
  await page.tell(requests(1))
  await expect(more).toBe(-1)
})

test('a rate is what was counted, by the time since the mark', async () => {
  await using page = await startPage(requests(10))
  const before = performance.now()
  const counted = await page.metrics.sum('requests_total').fromNow()
  const after = performance.now()
  await expect(counted.rate()).toBe(0)
  await page.tell(requests(1010))
  const asked = performance.now()
  const rate = await counted.rate().read()
  const answered = performance.now()
  assert.ok(rate >= 1_000_000 / (answered - before), `${rate}`)
  assert.ok(rate <= 1_000_000 / (asked - after), `${rate}`)
})

test('nothing can be counted from several series where one is expected', async () => {
  await using page = await startPage(requests(1, 2))
  assert.ok((await errorOf(page.metrics.value('requests_total').fromNow())) instanceof UsageError)
})

test('a mark waits for a page that can be read', async () => {
  await using page = await startPage()
  await page.tell({ text: '', status: 503 }, { text: '', status: 503 }, requests(5), requests(8))
  await expect(await page.metrics.sum('requests_total').fromNow()).toBe(atLeast(3))
})

test('a mark that cannot be taken tells it, at the line of the script', async () => {
  await using page = await startPage()
  await page.tell({ text: 'starting', status: 503 })
  const refused = await mark(page.url)
  assert.match(
    refused,
    /^no mark could be taken: requests_total summed\n {2}expected {2}series to count from\n/,
  )
  assert.match(refused, /\n {2}last {6}503 from http:\/\/127\.0\.0\.1:\d+\/metrics: starting\n/)
  await page.tell('requests_total NaN\n')
  assert.match(
    await mark(page.url),
    /\n {2}last {6}nothing can be counted from NaN or infinity\n {12}requests_total NaN\n/,
  )
})

/** What a script prints that takes a mark of requests_total there, and is not patient. */
function mark(url: string): Promise<string> {
  const script = `
    import { createMetrics } from ${JSON.stringify(new URL('../../src/metrics/metrics.ts', import.meta.url).href)}
    import { createReference } from ${JSON.stringify(new URL('../../src/reference.ts', import.meta.url).href)}
    const metrics = createMetrics(createReference('app.metrics', [], () => ${JSON.stringify(url)}))
    await metrics.sum('requests_total').fromNow().catch((error) => console.log(error.message))`
  const words = ['--input-type=module-typescript', '--eval', script]
  const env = { ...process.env, SHAKEDOWN_PATIENCE: '300ms' }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, { env }, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    )
  })
}
