import { execFileSync } from 'node:child_process'
import { type Duration, milliseconds } from '../duration.ts'
import { UsageError } from '../error.ts'
import type { Http } from '../http/http.ts'
import { fetchPage } from '../http/page.ts'
import { createMetrics, type Metered } from '../metrics/metrics.ts'
import { createPromql, type Promql } from '../metrics/promql.ts'
import { at } from '../reference.ts'
import { findComponent } from '../run/find.ts'
import { inContainers } from '../service/chosen.ts'
import { control } from '../service/control.ts'
import { createProgram, type Program } from '../service/program.ts'
import type { Reading } from '../wait/reading.ts'
import { extend, type Service, service } from './service.ts'

/** How a Prometheus is described. */
export interface PrometheusOptions {
  readonly name?: string
  /** One that already runs is described by its address, and by nothing of this. */
  readonly at?: undefined
  /** Whose metrics it scrapes: it does not wait for them to be ready. */
  readonly scrape: readonly Metered[]
  /** How often; every second where it is not given. */
  readonly every?: Duration
  /** A fixed port; a free one that it chooses itself where it is not given. */
  readonly port?: number
  readonly args?: readonly string[]
}

/** One that already runs: it is neither started nor stopped, and scrapes what it scrapes. */
export interface PrometheusElsewhere {
  readonly name?: string
  /** `http://host:port`, with the path under which it is served, if any. */
  readonly at: string
  /** How long it may take to answer; `'15s'` where it is not given. */
  readonly within?: Duration
}

/** What a Prometheus answers for beside what every program does. */
export interface PrometheusExtras extends Http, Metered, Omit<Promql, 'target'> {
  /** `up` or `down`, by a scrape that began after the look did. */
  target(of: Metered): Reading<'up' | 'down'>
}

/** The first release that scrapes before 5 s have passed, if it is told so: research in docs/decisions/prometheus.md. */
const SCRAPES_EARLY = [3, 12] as const
/** Where it says that it listens: from 3.0 on, the component stands between the words and the address. */
export const LISTENING = /msg="?Listening on"? (?:component=web )?address=\S+:(?<port>\d+)/

/** Prometheus, scraping the given services. Its configuration names their addresses before they have started. */
export function prometheus(options: PrometheusOptions | PrometheusElsewhere): Service<PrometheusExtras> {
  const program = options.at !== undefined ? describeElsewhere(options) : describeOwn(options)
  const promql = createPromql(program.url, { viewer: program[control].driver.viewer })
  const metrics = createMetrics(at`${program.url}/metrics`)
  const target = (of: Metered) => promql.target(of.metrics.url)
  return Object.assign(program, promql, { metrics, target })
}

function describeElsewhere(options: PrometheusElsewhere): Service<Http> {
  const { name = 'prometheus', ...rest } = options
  const program: Service<Http> = service({
    ...rest,
    name,
    ready: { http: '/-/ready' },
    evidence: (signal) => readTargets(program, signal),
  })
  return program
}

async function readTargets({ url }: Program, signal: AbortSignal) {
  return { 'targets.json': await fetchPage(at`${url}/api/v1/targets`, signal) }
}

function describeOwn(options: PrometheusOptions): Service<Http> {
  if (options.scrape.length === 0) throw new UsageError('prometheus({ scrape: [] }) has nothing to scrape')
  const every = milliseconds(options.every ?? '1s')
  // Which ports a container has is settled before it runs: there it is told a free one, and does not choose.
  const choosesPort = options.port === undefined && !inContainers()
  const program: Program = createProgram({
    name: options.name ?? 'prometheus',
    run: (place) => [
      findPrometheus(),
      `--config.file=${place.dir}/prometheus.json`,
      `--storage.tsdb.path=${place.dir}/data`,
      '--storage.tsdb.retention.time=1h',
      `--web.listen-address=${place.host}:${choosesPort ? 0 : place.port}`,
      ...(inContainers() ? [] : earlyScrapeFlags(findPrometheus())),
      ...(options.args ?? []),
    ],
    files: { 'prometheus.json': () => createConfig(options.scrape, every) },
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(choosesPort ? { port: { announced: LISTENING } } : {}),
    ready: { http: '/-/ready' },
    evidence: (signal) => readTargets(program, signal),
    install: 'make install',
    container: { image: 'prom/prometheus:v2.53.3' },
  })
  return extend(program)
}

/** JSON is YAML; a job for each target, since each has its own path. Names are made so that a query can tell them apart. */
function createConfig(scrape: readonly Metered[], every: number): string {
  const interval = `${every}ms`
  const jobs = scrape.map((metered, index) => {
    const url = new URL(String(metered.metrics.url))
    return {
      job_name: `job-${index + 1}`,
      scheme: url.protocol.slice(0, -1),
      metrics_path: url.pathname,
      static_configs: [{ targets: [url.host] }],
    }
  })
  return JSON.stringify(
    { global: { scrape_interval: interval, scrape_timeout: interval }, scrape_configs: jobs },
    null,
    2,
  )
}

function findPrometheus(): string {
  if (inContainers()) return 'prometheus'
  const found = findComponent('prometheus')
  return 'path' in found ? found.path : 'prometheus'
}

const versions = new Map<string, string>()

function earlyScrapeFlags(program: string): readonly string[] {
  const [major = 0, minor = 0] = versionOf(program).split('.').map(Number)
  const [wantedMajor, wantedMinor] = SCRAPES_EARLY
  const isNewEnough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
  return isNewEnough ? ['--scrape.discovery-reload-interval=10ms'] : []
}

/** Asked once a process: 20 to 60 ms, and known before the command line can be written. */
function versionOf(program: string): string {
  const known = versions.get(program)
  if (known !== undefined) return known
  const version = askVersion(program)
  versions.set(program, version)
  return version
}

function askVersion(program: string): string {
  try {
    const text = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    return /version (\d+\.\d+)/.exec(text)?.[1] ?? '0.0'
  } catch {
    // It is not there or does not run: the launch says so, with the hint of how to get it.
    return '0.0'
  }
}
