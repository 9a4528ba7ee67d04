import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Failure } from '../../src/error.ts'
import { atLeast } from '../../src/expect/bound.ts'
import { expect } from '../../src/expect/expect.ts'
import type { Promql } from '../../src/metrics/promql.ts'
import type { Reading } from '../../src/wait/reading.ts'
import { storyOf } from './golden.ts'
import { type PageServer, startPage } from './page.ts'
import { describeWithPrometheus, type PrometheusServer, startPrometheus } from './prometheus.ts'

const soon = { within: '200ms' } as const
/** A loaded machine scrapes late; what is right ends the wait at once. */
const patient = { within: '60s' } as const

function requests(...values: readonly number[]): string {
  const lines = values.map((value, index) => `requests_total{worker_id="${index + 1}"} ${value}\n`)
  return `# TYPE requests_total counter\n${lines.join('')}`
}

describeWithPrometheus('targets and scrapes of a real Prometheus', () => {
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

  test('samples keep the time of their scrape', async () => {
    await page.tell(requests(70))
    const told = Date.now()
    await expect(prom.query('requests_total{worker_id="1"}', { since: told })).toBe(70, patient)
    const [line] = await prom.points('requests_total{worker_id="1"}', { for: '30s' }).read()
    const fresh = line?.points.filter(({ value, time }) => value === 70 && time >= told) ?? []
    assert.ok(fresh.length >= 1)
    assert.ok(fresh.every(({ time }) => time <= Date.now()))
    assert.equal(line?.labels['__name__'], 'requests_total')
    const [sample] = await prom
      .vector('requests_total', { time: told - 3_600_000 })
      .read()
      .catch(() => [])
    assert.equal(sample, undefined)
    const [stepped] = await prom.range('up{job="app"}', { from: told - 1000, to: told, step: '500ms' }).read()
    assert.ok((stepped?.points.length ?? 0) >= 1)
    await expect(prom.series('requests_total{worker_id="1"}')).toHaveSize(atLeast(1))
  })

  test('when a target was scraped last can be waited for', async () => {
    await expect(prom.scrapedAt(page)).toBe(atLeast(Date.now()), patient)
    const later = Date.now() + 3_600_000
    await assert.rejects(
      expect(prom.scrapedAt(page)).toBe(atLeast(later), soon),
      /not scraped as expected: last scrape of app.metrics/,
    )
    await assert.rejects(
      expect(prom.query('sum(up)', { since: later })).toBe(2, soon),
      /not every target was scraped since .*\n/,
    )
  })

  test('a target is up or down by a scrape that began after the look', async () => {
    await page.tell({ text: 'no', status: 503 })
    // Right away: the last scrape was fine, and says nothing about now.
    assert.match(
      await storyOf(expect(prom.target(page)).toBe('up', soon)),
      /^target not as expected: target app.metrics\n {2}expected {2}"up"\n {2}last {6}(down: server returned HTTP status 503|not scraped since this claim began)/,
    )
    await expect(prom.target(page)).toBe('down', patient)
    await page.tell(requests(1))
    await expect(prom.target(page)).toBe('up', patient)
  })

  test('an unknown target is told with those that there are', async () => {
    assert.match(
      await storyOf(expect(prom.target('127.0.0.1:1')).toBe('up', soon)),
      /no such target: HOST\n {12}there is:\n {12}http:\/\/HOST\/metrics \(up\)\n/,
    )
  })

  test('every look asks for a scrape of its own', async () => {
    const target = prom.target(page)
    await expect(target).toBe('up', patient)
    assert.equal(await readFresh(target), 'up')
    await page.tell({ text: 'no', status: 503 })
    assert.equal(await readFresh(target), 'down')
    await page.tell(requests(1))
    assert.equal(await readFresh(target), 'up')
  })

  test('a Prometheus that scrapes no more proves nothing', async () => {
    await page.tell(requests(5))
    await expect(prom.target(page)).toBe('up', patient)
    const target = prom.target(page)
    await server.scrapeEvery('1h')
    assert.match(
      await storyOf(expect(target).toBe('up', soon)),
      /\n {2}last {6}not scraped since this claim began: http:\/\/HOST\/metrics\n {12}(last scraped \S+, up|never scraped yet)\n/,
    )
    await assert.rejects(expect(prom.query('sum(up)', { since: Date.now() })).toBe(2, soon), Failure)
    await server.scrapeEvery('100ms')
    await expect(prom.target(page)).toBe('up', patient)
    await page.tell({ text: 'no', status: 503 })
    // What the claim above waited for in vain is too old for this one.
    await assert.rejects(expect(target).toBe('up', soon), Failure)
  })
})

/** One look by hand: it rejects for as long as there was no scrape since it began, which a loaded machine can take. */
async function readFresh<T>(reading: Reading<T>): Promise<T> {
  for (;;) {
    try {
      return await reading.read()
    } catch (error) {
      assert.match(String(error), /not scraped since this claim began/)
    }
  }
}
