import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../src/error.ts'
import { atLeast, below } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import { ExpositionError } from '../../src/metrics/exposition-error.ts'
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

test('what a page says besides numbers', async () => {
  await using page = await startPage(WORKERS)
  const { metrics } = page
  await expect(metrics.labels('requests_total', 'worker_id')).toEqual(['1', '2'])
  await expect(metrics.labels('requests_total', 'worker_id', { method: 'POST' })).toEqual(['2'])
  await assert.rejects(metrics.labels('requests_total', 'worker').read(), /no series has a label worker/)
  await expect(metrics.families()).toHaveSize(2)
  await expect(metrics.samples()).toHaveSize(4)
  await expect(metrics.text()).toContain('memory_bytes 4096')
  await expect(metrics.exposition()).toMatch({ dialect: 'text' })
  await expect(metrics.findings()).toEqual([])
})

test('looks that begin at once share a fetch, and one that begins later has its own', async () => {
  await using page = await startPage()
  await page.tell('a_total 1\n', 'a_total 2\n')
  const sum = page.metrics.sum('a_total')
  const [first, again] = await Promise.all([sum.read(), page.metrics.value('a_total').read()])
  assert.deepEqual([first, again, await page.served.read()], [1, 1, 1])
  assert.equal(await sum.read(), 2)
})

test('a look that is given up does not take the page from the others', async () => {
  await using page = await startPage()
  await page.tell({ text: 'a_total 1\n', delay: 200 })
  const sum = page.metrics.sum('a_total')
  const over = new AbortController()
  const given = assert.rejects(sum.read(over.signal), /enough/)
  const kept = sum.read()
  over.abort(new Error('enough'))
  await given
  assert.equal(await kept, 1)
  await assert.rejects(async () => await sum.read(over.signal), /enough/)
})

test('nothing good is said of a page that says nothing', async () => {
  await using page = await startPage('# HELP requests_total How many.\n')
  const { metrics } = page
  await assert.rejects(expect(metrics.findings()).toEqual([], soon), /no series at all/)
  await assert.rejects(expect(metrics.samples()).toEqual([], soon), /no series at all/)
  await assert.rejects(expect(metrics.samples('requests_total')).toEqual([], soon), /not there yet/)
  await assert.rejects(expect(metrics.families()).toEqual([], soon), /no series at all/)
})

test('findings are listed with their lines', async () => {
  await using page = await startPage('a_total 1\na_total 1\n# TYPE b counter\nb -1\n')
  assert.equal(
    await storyOf(expect(page.metrics.findings()).toEqual([], soon)),
    `metrics not as expected: what is wrong in app.metrics
  expected  []
  last      2 findings
            line 2: a_total stands in line 1 already (duplicate-series)
            line 4: b is -1: it must be 0 or more (counter-value)
  waited    TIME, READS: 2 findings
  at        LINE`,
  )
})

test('a page that is not one is a failed look, told with its cause', async () => {
  await using page = await startPage()
  const { metrics } = page
  const sum = () => expect(metrics.sum('requests_total')).toBe(50, soon)
  await page.tell({ text: 'requests_total{worker_id="1" 12\n' })
  const error = await errorOf(metrics.text().read())
  assert.ok(error.cause instanceof ExpositionError)
  assert.equal(
    await storyOf(sum()),
    `metric not as expected: requests_total summed
  expected  50
  last      not an exposition: line 1, column 30: http://HOST/metrics
              expected  a comma or a closing brace, found "12"
              last      requests_total{worker_id="1" 12
                                                     ^
  waited    TIME, READS: LONG
  at        LINE`,
  )
  await page.tell({ text: WORKERS, contentType: 'text/html' })
  await assert.rejects(sum(), /Content-Type "text\/html"/)
  await page.tell({ text: WORKERS, contentType: '' })
  await assert.rejects(sum(), /no Content-Type from http/)
  await page.tell({ text: WORKERS, cut: true })
  await assert.rejects(sum(), /no answer to GET http.*(length does not match|closed before)/)
  await page.tell({ text: 'Redis is down\nTraceback', status: 500 })
  await assert.rejects(sum(), /500 from http:\/\/[^ ]+\/metrics: Redis is down$/m)
})

test('looks that failed on the way are counted in the story', async () => {
  await using page = await startPage()
  await page.tell({ text: WORKERS }, { text: 'busy', status: 503 })
  const told = await storyOf(expect(page.metrics.sum('requests_total')).toBe(100, { within: '500ms' }))
  assert.match(told, /\n {2}hint {6}N of the reads failed: 503 from http:\/\/HOST\/metrics: busy/)
})

test('an answer every other time is not an answer that holds', async () => {
  await using page = await startPage()
  await page.tell({ text: WORKERS }, { text: '', status: 500 })
  const holds = { within: '1s', holding: '400ms' } as const
  await assert.rejects(expect(page.metrics.sum('requests_total')).toBe(50, holds), Failure)
})

test('how long a fetch takes can be claimed', async () => {
  await using page = await startPage(WORKERS)
  await expect(page.metrics.duration()).toBe(below('5s'))
  await page.tell({ text: WORKERS, delay: 300 })
  await assert.rejects(
    expect(page.metrics.duration()).toBe(below('250ms'), soon),
    /time to fetch app.metrics/,
  )
  await expect(page.metrics.duration()).toBe(atLeast('250ms'))
})

test('OpenMetrics is asked for and read', async () => {
  const text = '# TYPE requests counter\nrequests_total 7 # {trace_id="a"} 1\n# EOF\n'
  await using page = await startPage()
  await page.tell({ text, contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8' })
  await expect(page.metrics.value('requests_total')).toBe(7)
  await assert.rejects(page.metrics.value('requests').read(), /it is a family, its series are requests_total/)
})
