import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Failure, UsageError } from '../../src/error.ts'
import { atLeast } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import { createPromql, type Promql } from '../../src/metrics/promql.ts'
import { createReference } from '../../src/reference.ts'
import { errorOf, storyOf } from './golden.ts'
import { type PageServer, startPage } from './page.ts'
import { describeWithPrometheus, type PrometheusServer, startPrometheus } from './prometheus.ts'

const soon = { within: '200ms' } as const
/** A loaded machine scrapes late; what is right ends the wait at once. */
const patient = { within: '60s' } as const

function requests(...values: readonly number[]): string {
  const lines = values.map((value, index) => `requests_total{worker_id="${index + 1}"} ${value}\n`)
  return `# TYPE requests_total counter\n${lines.join('')}`
}

describeWithPrometheus('PromQL of a real Prometheus', () => {
  let page: PageServer
  let other: PageServer
  let server: PrometheusServer
  let prom: Promql

  before(async () => {
    page = await startPage(requests(10, 2))
    other = await startPage('up_to_date 1\n')
    server = await startPrometheus(page.host, other.host)
    prom = server.prom
    await expect(prom.target(page)).toBe('up', patient)
    await expect(prom.target(other.url)).toBe('up', patient)
  })

  after(async () => {
    await server?.stop()
    await Promise.all([page?.stop(), other?.stop()])
  })

  test('a query agrees with the page, scraped since it was told', async () => {
    await page.tell(requests(10, 2))
    const since = Date.now()
    const total = prom.query('sum(requests_total)', { since })
    await expect(total).toBe(page.metrics.sum('requests_total'), patient)
    await expect(prom.query('requests_total', { since }).by('worker_id')).toEqual(new Map([['1', 10], ['2', 2]]), patient) // biome-ignore format: one map
    await page.tell(requests(11, 2))
    await expect(total).toBe(page.metrics.sum('requests_total'), patient)
  })

  test('a query counts from its mark', async () => {
    await page.tell(requests(20))
    await expect(prom.query('requests_total{worker_id="1"}', { since: Date.now() })).toBe(20, patient)
    const counted = await prom.query('requests_total{worker_id="1"}').fromNow()
    const summed = await prom.query('sum(requests_total)').fromNow()
    await expect(counted).toBe(0)
    await page.tell(requests(50))
    await expect(counted).toBe(30, patient)
    await expect(summed).toBe(30, patient)
    assert.equal(
      await storyOf(expect(counted).toBe(31, soon)),
      `metric did not rise: requests_total{worker_id="1"}
  expected  to rise by 31
  last      rose by 30  (20 → 50)
  waited    TIME, READS: 50
  at        LINE`,
    )
  })

  test('no data is not 0, and the nearest name is shown', async () => {
    assert.equal(
      await storyOf(expect(prom.query('sum(rate(request_total{worker_id="1"}[5s])) by (job)')).toBe(0, soon)),
      `metric not as expected: sum(rate(request_total{worker_id="1"}[5s])) by (job)
  expected  0
  last      no data: sum(rate(request_total{worker_id="1"}[5s])) by (job)
            there is no request_total: did you mean requests_total?
  waited    TIME, READS: LONG
  at        LINE`,
    )
    const counted = await prom.query('request_total').fromNow()
    await assert.rejects(expect(counted).toBe(0, soon), /no data/)
    await assert.rejects(expect(prom.vector('request_total')).toHaveSize(0, soon), Failure)
    await assert.rejects(expect(prom.series('request_total')).toHaveSize(0, soon), Failure)
    await assert.rejects(prom.points('request_total', { for: '5s' }).read(), /no data/)
  })

  test('several series where one is expected are a mistake of the script', async () => {
    await page.tell(requests(1, 1))
    await expect(prom.query('count(requests_total)')).toBe(2, patient)
    const error = await errorOf(expect(prom.query('requests_total')).toBe(2, { within: '1h' }))
    assert.ok(error instanceof UsageError)
    assert.match(
      error.message,
      /^requests_total is 2 series, one is expected\n {2}last {6}requests_total\{.*worker_id="1"\} 1\n/,
    )
  })

  test('what is not PromQL is a mistake of the script, with the place', async () => {
    const error = await errorOf(expect(prom.query('sum(requests_total')).toBe(2, { within: '1h' }))
    assert.ok(error instanceof UsageError)
    assert.match(
      error.message,
      /^not PromQL: .*unclosed left parenthesis\n {2}last {6}sum\(requests_total\n\s+\^$/,
    )
    const range = await errorOf(prom.query('requests_total[5s]').read())
    assert.ok(range instanceof UsageError)
    assert.match(range.message, /^gives a matrix, not a number: requests_total\[5s\]\n {2}hint {6}use points/)
    assert.ok((await errorOf(prom.points('sum(up)', { for: '5s' }).read())) instanceof UsageError)
  })

  test('what cannot be evaluated with the data of now may be a moment later', async () => {
    const joined = prom.query('requests_total / on() group_left up')
    await assert.rejects(expect(joined).toBe(1, soon), (error: Error) => {
      assert.ok(!(error instanceof UsageError))
      return /422 from .*\n\s+.*many-to-many|duplicate series/.test(error.message)
    })
  })

  test('NaN is no value', async () => {
    await assert.rejects(prom.query('vector(0) / 0').read(), /NaN is no value/)
    await expect(prom.query('vector(1) / 0')).toBe(Number.POSITIVE_INFINITY)
    await expect(prom.query('2 + 3')).toBe(5)
  })

  test('quantiles are those of histogram_quantile', async () => {
    const text = HISTOGRAMS.map(
      (counts, index) =>
        `# TYPE h${index} histogram\n${counts.map((count, at) => `h${index}_bucket{le="${BOUNDS[at]}"} ${count}\n`).join('')}`,
    ).join('')
    await page.tell(text)
    await expect(prom.query(`h${HISTOGRAMS.length - 1}_bucket{le="+Inf"}`)).toBe(atLeast(0), patient)
    for (const [index] of HISTOGRAMS.entries()) {
      for (const q of [0, 0.01, 0.1, 0.25, 0.5, 0.9, 0.99, 1]) {
        const theirs = await prom.query(`histogram_quantile(${q}, h${index}_bucket)`).read()
        const ours = await page.metrics.quantile(q, `h${index}`).read()
        assert.ok(
          Math.abs(ours - theirs) <= 1e-9 * Math.abs(theirs),
          `h${index} at ${q}: ${ours}, not ${theirs}`,
        )
      }
    }
  })
})

const BOUNDS = ['-1', '0', '0.5', '1', '2.5', '10', '+Inf']
const HISTOGRAMS = [
  [1, 2, 3, 4, 5, 6, 7],
  [0, 0, 0, 0, 0, 0, 9],
  [5, 5, 5, 5, 5, 5, 5],
  [0, 0, 100, 100, 100, 100, 100],
  [0, 0, 0, 3, 3, 3, 100],
  [0, 1, 1, 1, 1, 200, 200],
]

test('what is no Prometheus is told as that', async () => {
  await using page = await startPage('requests_total 1\n')
  const prom = createPromql(createReference('page', [], () => `http://${page.host}`))
  await assert.rejects(
    prom.query('up').read(),
    /^Failure: not an answer of Prometheus: 200 from http.*: requests_total 1$/,
  )
})
