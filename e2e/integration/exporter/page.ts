import {
  below,
  derive,
  type ExpositionFinding,
  expect,
  finding,
  period,
  type Reading,
  step,
  validate,
} from 'shakedown'
import { expectedShape, shapeOf } from './families.ts'
import { type App, serveFromAll } from './workers.ts'

const SCRAPES = 10

/** Claims that the page of metrics is complete, well formed, and always there. New checks of metrics go here. */
export async function verifyMetrics(app: App): Promise<void> {
  await step(
    'all metric types, with their labels and buckets',
    { proves: ['GUN-007', 'GUN-081', 'GUN-092', 'GUN-174', 'GUN-176', 'GUN-183'] },
    async () => {
      await serveFromAll(app)
      await expect(shapeOf(app)).toBe(expectedShape())
    },
  )

  await step(
    'every scrape is answered, in time, as text 0.0.4',
    { proves: ['GUN-079', 'GUN-165'] },
    async () => {
      const page = app.endpoint('metrics').get('/metrics')
      const took: { scrape: number[]; answer: number[] } = { scrape: [], answer: [] }
      for (let look = 1; look <= SCRAPES; look += 1) {
        const scrape = await page.send()
        expect(scrape).toMatch({
          status: 200,
          headers: { 'content-type': /^text\/plain; version=0\.0\.4; charset=utf-8$/ },
        })
        took.scrape.push(scrape.milliseconds)
        took.answer.push((await app.get('/').send()).milliseconds)
      }
      // Compared with what an answer takes on this machine at this moment, however busy it is.
      expect(period(Math.max(median(took.scrape) - median(took.answer), 0))).toBe(below('1500ms'))
    },
  )

  await step('the page says nothing wrong', { proves: ['GUN-017'] }, async () => {
    await finding(
      'HELP and TYPE stand twice on the page',
      {
        reason:
          'each family with data is described by the registry and again by the collector; promtool check metrics fails',
        title: /^not as expected: what the page says wrongly$/,
        last: /^"HELP and TYPE twice for every family with series"$/,
      },
      () => expect(mistakesOn(app)).toBe('nothing', { within: '300ms' }),
    )
  })
}

function median(times: readonly number[]): number {
  return [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN
}

/** What is wrong with the page, in words; the known mistake has its own. */
function mistakesOn(app: App): Reading<string> {
  return derive(app.metrics.exposition(), 'what the page says wrongly', (exposition) => {
    const found = validate(exposition)
    if (found.length === 0) return 'nothing'
    const described = new Set(
      found.flatMap(({ rule, family }) => (rule === 'repeated-metadata' ? [family] : [])),
    )
    const withSeries = exposition.families.filter(
      ({ samples, name }) => samples.length > 0 && !name.endsWith('_created'),
    )
    const others = found.filter((one) => !isKnown(one))
    const known = described.size === withSeries.length && withSeries.every(({ name }) => described.has(name))
    if (known && others.length === 0) return 'HELP and TYPE twice for every family with series'
    const told = others.length === 0 ? found : others
    return told.map(({ rule, message, line }) => `${rule} in line ${line}: ${message}`).join('; ')
  })
}

/**
 * The description that stands there again splits its family; Redis gives series in no order, which splits a histogram; and
 * what the master counts itself stands there twice as well.
 */
function isKnown({ rule, family }: ExpositionFinding): boolean {
  if (rule === 'repeated-metadata' || rule === 'split-family' || rule === 'split-metric') return true
  return rule === 'duplicate-series' && family?.startsWith('gunicorn_master_worker_restart') === true
}
