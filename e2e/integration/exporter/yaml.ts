import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { at, derive, expect, finding, keys, type Reading, type Reference, start, step } from 'shakedown'
import { METRICS_FOLDER } from './app.ts'
import { asText, DECLARED, declarationsOf, REQUESTS } from './families.ts'
import { type App, serveFromAll } from './workers.ts'

/** Claims that the file alone is enough, as documented; 0.2.4 keeps only half of that promise. */
export async function verifyYamlAlone(app: App): Promise<void> {
  await step(
    'the YAML file alone is enough to serve and to be scraped',
    { proves: ['GUN-022', 'GUN-025', 'GUN-027'] },
    async () => {
      await serveFromAll(app)
      await expect(app.endpoint('metrics').get('/metrics')).toRespond(200)
      await expect(declarationsOf(app.metrics)).toBe(DECLARED)
      await expect(declarationsOf(asText(app))).toBe(DECLARED)
      await finding(
        'a YAML file alone gives no metrics of workers',
        {
          reason:
            'multiproc_dir of the file is ignored: prometheus_client has chosen values in memory before it is read',
          title: /^not as expected: what the page of an application with a YAML file shows$/,
          last: /^"families without series, and a folder in the home folder instead"$/,
        },
        () => expect(pageOf(app)).toBe('series of workers', { within: '300ms' }),
      )
    },
  )
}

interface Overridden {
  readonly workers: number
  readonly cache: Reference<string>
  /** How its keys would begin, if it kept any. */
  readonly prefix: string
}

/** Starts the application, and claims that variables win over the file: other workers, another address, metrics in Redis. */
export async function verifyOverrides(app: App, { workers, cache, prefix }: Overridden): Promise<void> {
  await step(
    'variables win over the YAML file',
    { proves: ['GUN-022', 'GUN-120', 'GUN-121', 'GUN-122', 'GUN-128'] },
    async () => {
      // The metrics are at an address from the environment, not where the file says: else it does not come up.
      await start(app)
      const served = await serveFromAll(app, workers * 4)
      expect(served).toHaveSize(workers)
      await expect(app.metrics.sum(REQUESTS)).toBe(workers * 4)
      await expect(environmentOf(app, 'PROMETHEUS_MULTIPROC_DIR')).toBe(
        String(at`${app.dir}/${METRICS_FOLDER}`),
      )
      await expect(keys(cache, `${prefix}:*`)).toBe([])
    },
  )
}

function pageOf(app: App): Reading<string> {
  return derive(
    app.metrics.exposition(),
    'what the page of an application with a YAML file shows',
    ({ samples, metadata }) => {
      if (samples.some(({ name }) => name === REQUESTS)) return 'series of workers'
      const isDeclared = metadata.some(
        ({ kind, family }) => kind === 'help' && family.startsWith('gunicorn_worker_requests'),
      )
      const elsewhere = existsSync(String(at`${app.dir}/.gunicorn_prometheus`))
      return isDeclared && samples.length === 0 && elsewhere
        ? 'families without series, and a folder in the home folder instead'
        : `${samples.length} samples, ${isDeclared ? '' : 'not '}declared, ${elsewhere ? '' : 'not '}in the home folder`
    },
  )
}

/** A variable as the running process has it. */
function environmentOf(app: App, name: string): Reading<string | undefined> {
  return derive(app.pid, `${name} of the running application`, async (pid) => {
    const lines = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')
    return lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)
  })
}
