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
import { asText, DECLARED, declarationsOf, expectedShape, shapeOf } from './families.ts'
import { measured } from './measured.ts'
import { type FetchedPage, fetchPage, seriesIn } from './raw-page.ts'
import { openWire, statusLine } from './wire.ts'
import { type App, serveFromAll } from './workers.ts'

const SCRAPES = { early: 10, late: 5 } as const
/** Series that must not move while nobody asks the application anything; the others may expire meanwhile. */
const AT_REST = /^gunicorn_worker_(requests_total|memory_bytes|cpu_percent|uptime_seconds)\{/

/** Those that a page needs, and those of the server of Python that gives it. */
const HEADERS = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'date',
  'server',
  'connection',
])

/** Claims that whoever scrapes first gets all of it. Nobody may have asked for the page before. */
export async function verifyFirstPage(app: App): Promise<void> {
  await step('the first page of all is whole', { proves: ['GUN-165'] }, async () => {
    const first = await declarationsOf(app.metrics).read()
    await expect(measured('families, types and HELP of the first page', first)).toEqual(DECLARED)
  })
}

/** Claims that the page of metrics is complete, well formed, and always there. New checks of metrics go here. */
export async function verifyMetrics(app: App): Promise<void> {
  await step(
    'all metric types, with their labels and buckets',
    { proves: ['GUN-007', 'GUN-081', 'GUN-092', 'GUN-174', 'GUN-176', 'GUN-183'] },
    async () => {
      await serveFromAll(app)
      await Promise.all([
        expect(declarationsOf(app.metrics)).toBe(DECLARED),
        expect(shapeOf(app)).toBe(expectedShape()),
      ])
      await expect(declarationsOf(asText(app))).toBe(DECLARED)
    },
  )

  await step(
    'every scrape is answered, in time, as text 0.0.4',
    { proves: ['GUN-079', 'GUN-165'] },
    async () => {
      // Whoever asks and says no more, leaves before the answer, or says what is no request, keeps nobody else from one.
      using silent = await openWire(app, 'metrics')
      silent.write('GET /metrics HTTP/1.1\r\nHost: silent')
      using gone = await openWire(app, 'metrics')
      gone.write('GET /metrics HTTP/1.1\r\nHost: gone\r\n\r\n')
      await gone.leave()
      using strange = await openWire(app, 'metrics')
      strange.write('NONSENSE\r\n\r\n')
      await expect(measured('the answer to what is no scrape', statusLine(await strange.rest()))).toMatch(
        / 400 /,
      )
      await verifyScrapeTime(app, SCRAPES.early)
    },
  )

  await verifyNoMistakes(app)

  await step(
    'scrapes move nothing, and each form of the page says the same',
    { proves: ['GUN-165'] },
    async () => {
      await serveFromAll(app)
      // What was written last may still be on its way: from when two pages say the same, all must.
      await expect(restless(app)).toEqual([])
      const pages = await Promise.all([
        fetchPage(app),
        fetchPage(app, { headers: { accept: 'text/plain' } }),
        fetchPage(app, { headers: { 'accept-encoding': 'gzip' } }),
        fetchPage(app, { headers: { accept: 'application/openmetrics-text; version=1.0.0' } }),
        fetchPage(app, { path: '/' }),
      ])
      await expect(measured('what is wrong with the forms of the page', pages.flatMap(mistakesIn))).toEqual(
        [],
      )
      const [first, ...others] = pages.map((one) => seriesIn(one.text).filter((line) => AT_REST.test(line)))
      for (const other of others)
        await expect(measured('series in another form of the page', other)).toBe(first ?? [])
      await expect(restless(app)).toEqual([])
    },
  )
}

/** Claims that scrapes are answered as what they are, in a time that has to do with what an answer of the application takes. */
async function verifyScrapeTime(app: App, looks: number): Promise<void> {
  const page = app.endpoint('metrics').get('/metrics')
  const took: { scrape: number[]; answer: number[] } = { scrape: [], answer: [] }
  for (let look = 1; look <= looks; look += 1) {
    const scrape = await page.send()
    expect(scrape).toMatch({
      status: 200,
      headers: { 'content-type': /^text\/plain; version=0\.0\.4; charset=utf-8$/ },
    })
    took.scrape.push(scrape.milliseconds)
    took.answer.push((await app.get('/').send()).milliseconds)
  }
  // Compared with what an answer takes on this machine at this moment, however busy it is.
  const longer = Math.max(median(took.scrape) - 10 * median(took.answer), 0)
  await expect(measured('how much longer a scrape takes than ten answers', period(longer))).toBe(
    below('1500ms'),
  )
}

/** Claims the same again, late in a run: whatever grows with each scrape has grown by then. */
export async function verifyLateScrapes(app: App): Promise<void> {
  await step('late scrapes take no longer than early ones', { proves: ['GUN-165'] }, () =>
    verifyScrapeTime(app, SCRAPES.late),
  )
}

/** Claims that the page keeps to the rules of its format. */
export async function verifyNoMistakes(app: App): Promise<void> {
  await step('the page says nothing wrong', { proves: ['GUN-017'] }, async () => {
    for (const page of [app.metrics, asText(app)]) {
      const unknown = derive(page.exposition(), 'what the page says wrongly', (exposition) =>
        validate(exposition)
          .filter((one) => !isKnown(one))
          .map(({ rule, message, line }) => `${rule} in line ${line}: ${message}`),
      )
      const dated = derive(
        page.samples(),
        'series with a timestamp, which makes them old or stale',
        (samples) => samples.filter(({ timestamp }) => timestamp !== undefined).map(({ name }) => name),
      )
      await Promise.all([expect(unknown).toEqual([]), expect(dated).toEqual([])])
    }
    await finding(
      'HELP and TYPE stand twice on the page',
      {
        reason:
          'each family with data is described by the registry and again by the collector; promtool check metrics fails',
        title: /^not as expected: which families are described twice$/,
        last: /^"every family with series"$/,
      },
      () => expect(describedTwice(app)).toBe('none', { within: '100ms' }),
    )
  })
}

function median(times: readonly number[]): number {
  return [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN
}

/** What two pages, one after the other, say differently about an application that nobody asks anything. */
function restless(app: App): Reading<readonly string[]> {
  const samples = app.metrics.samples()
  return derive(samples, 'series that move though nobody asks anything', async (before) => {
    const lines = (found: typeof before) =>
      found
        .map(({ name, labels, value }) => `${name}{${JSON.stringify(labels)}} ${value}`)
        .filter((line) => AT_REST.test(line))
    const [one, other] = [lines(before), lines(await samples.read())]
    return [
      ...one.filter((line) => !other.includes(line)).map((line) => `only on the first: ${line}`),
      ...other.filter((line) => !one.includes(line)).map((line) => `only on the second: ${line}`),
    ]
  })
}

function mistakesIn({ status, headers, bytes, received, isText }: FetchedPage): readonly string[] {
  const type = String(headers['content-type'])
  return [
    ...(status === 200 ? [] : [`status ${status}`]),
    ...(isText ? [] : ['bytes that are not UTF-8']),
    ...(/^(text\/plain|application\/openmetrics-text); version=[\d.]+; charset=utf-8/.test(type)
      ? []
      : [type]),
    ...(Number(headers['content-length']) === received
      ? []
      : [`Content-Length is not the ${received} bytes`]),
    ...(bytes > 0 ? [] : ['nothing in it']),
    ...Object.keys(headers).flatMap((name) => (HEADERS.has(name) ? [] : [`a header ${name}`])),
  ]
}

/** How many of the families with series are described twice: those that the registry and the collector both know. */
function describedTwice(app: App): Reading<string> {
  return derive(app.metrics.exposition(), 'which families are described twice', (exposition) => {
    const found = validate(exposition)
    const twice = new Set(found.flatMap(({ rule, family }) => (rule === 'repeated-metadata' ? [family] : [])))
    const withSeries = exposition.families.filter(
      ({ samples, name }) => samples.length > 0 && !name.endsWith('_created'),
    )
    if (twice.size === 0) return 'none'
    const isKnownSet = twice.size === withSeries.length && withSeries.every(({ name }) => twice.has(name))
    return isKnownSet ? 'every family with series' : [...twice].join(', ')
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
