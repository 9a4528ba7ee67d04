import { atLeast, derive, expect, mode, type prometheus, type Reading, step, within } from 'shakedown'
import { disagreements } from './agree.ts'
import { REQUESTS } from './families.ts'
import { settings, words } from './settings.ts'
import type { App } from './workers.ts'

type Prometheus = ReturnType<typeof prometheus>

const ENOUGH_SCRAPES = 3
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Claims that Prometheus scrapes the application, again and again, and says the same as its page. */
export async function verifyScraped(prom: Prometheus, app: App): Promise<void> {
  await step(
    'Prometheus scrapes the application',
    { proves: ['GUN-053', 'GUN-083', 'GUN-094', 'GUN-136', 'GUN-137', 'GUN-140', 'GUN-147', 'GUN-164'] },
    async () => {
      await expect(prom.get('/api/v1/targets')).toRespond(200, { json: { status: 'success' } })
      await expect(targetsOf(prom)).toBe([
        `http://${app.endpoint('metrics')}/metrics every ${settings.scrapeInterval.milliseconds} ms as instance="${app.endpoint('metrics')}", job="job-1"`,
      ])
      await expect(prom.target(app)).toBe('up', {
        within: words({ milliseconds: 2 * mode.patience.milliseconds }),
      })
      const up = derive(prom.vector('up'), 'what is up', (found) => found.map(({ value }) => value))
      await expect(up).toEqual([1])
    },
  )

  await step(
    'PromQL agrees with the page, series by series',
    { proves: ['GUN-138', 'GUN-166', 'GUN-186'] },
    async () => {
      // Two looks that nothing happens between: what Prometheus has, and what it was given.
      const page = { name: 'the page', lines: shownSeries(app) }
      await expect(disagreements({ name: 'Prometheus', lines: scrapedSeries(prom) }, page)).toEqual([])
      await expect(prom.query(`sum(${REQUESTS})`)).toBe(app.metrics.sum(REQUESTS))
    },
  )

  await step('scrapes go on, and tell the right time', { proves: ['GUN-139', 'GUN-153'] }, async () => {
    const span = `${Math.max(settings.scrapeInterval.milliseconds * 10, 1000)}ms` as const
    const scrapes = prom.points('up', { for: span })
    await expect(derive(scrapes, 'scrapes of late', ([line]) => line?.points.length ?? 0)).toBe(
      atLeast(ENOUGH_SCRAPES),
    )
    const clock = derive(
      prom.scrapedAt(app),
      'seconds between our clock and the newest sample',
      (time) => (Date.now() - time) / 1000,
    )
    await expect(clock).toBe(within(-1, 10))
  })
}

/** What Prometheus scrapes: each target with how often, and under which labels. */
function targetsOf(prom: Prometheus): Reading<readonly string[]> {
  return derive(prom.get('/api/v1/targets'), 'what Prometheus scrapes', ({ json }) => {
    const { data } = json as Targets // why: a claim judges what is made of it
    return data.activeTargets.map(({ scrapeUrl, scrapeInterval, labels }) => {
      const shown = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
      return `${scrapeUrl} every ${toMilliseconds(scrapeInterval)} ms as ${shown.sort().join(', ')}`
    })
  })
}

interface Targets {
  readonly data: {
    readonly activeTargets: readonly {
      readonly scrapeUrl: string
      readonly scrapeInterval: string
      readonly labels: Readonly<Record<string, string>>
    }[]
  }
}

/** `100ms`, `1s`, `1m` and what is put together of them. */
function toMilliseconds(text: string): number {
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h)/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? Number.NaN), 0)
}

/** The newest of every series of the application, without the labels that say which target it was. */
function scrapedSeries(prom: Prometheus): Reading<readonly string[]> {
  return derive(prom.vector('{__name__=~"gunicorn_.+"}'), 'series in Prometheus', (found) =>
    found
      .map(
        ({ labels: { __name__: name = '', job, instance, ...labels }, value }) =>
          describe(name, labels, value) +
          (job === undefined || instance === undefined ? ' of no target' : ''),
      )
      .sort(),
  )
}

/** Every series on the page; what stands there twice, once. */
function shownSeries(app: App): Reading<readonly string[]> {
  return derive(app.metrics.samples(), 'series on the page', (samples) =>
    [...new Set(samples.map(({ name, labels, value }) => describe(name, labels, value)))].sort(),
  )
}

function describe(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const shown = Object.keys(labels)
    .sort()
    .map((label) => `${label}="${labels[label]}"`)
  return `${name}{${shown.join(',')}} ${value}`
}
