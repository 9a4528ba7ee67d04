import { at, derive, type Metered, metrics, type Reading } from 'shakedown'
import type { App } from './workers.ts'

/** How many requests a worker has served, and of how many it has observed the duration: the same number. */
export const REQUESTS = 'gunicorn_worker_requests_total'
export const DURATION = 'gunicorn_worker_request_duration_seconds'
export const OBSERVED = `${DURATION}_count`

/** A family that the exporter documents: what it is, and the labels of its series. */
export interface ExpectedFamily {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  /** Which of the document's rows is about it. */
  readonly row: string
}

/** The bounds of every duration histogram, as they stand in the label `le`. */
export const BUCKETS = ['0.1', '0.5', '1.0', '2.5', '5.0', '10.0', '30.0', '60.0', '+Inf'] as const

/**
 * What a worker that has served a request exports. A new metric of the exporter is added here; nothing else names them
 * all. Facts: measured with exporter 0.2.4, prometheus_client 0.26.
 */
export const WORKER_FAMILIES: readonly ExpectedFamily[] = [
  { name: 'gunicorn_worker_requests_total', type: 'counter', labels: ['worker_id'], row: 'GUN-129' },
  {
    name: 'gunicorn_worker_request_duration_seconds',
    type: 'histogram',
    labels: ['worker_id'],
    row: 'GUN-130',
  },
  { name: 'gunicorn_worker_memory_bytes', type: 'gauge', labels: ['pid', 'worker_id'], row: 'GUN-131' },
  { name: 'gunicorn_worker_cpu_percent', type: 'gauge', labels: ['pid', 'worker_id'], row: 'GUN-132' },
  { name: 'gunicorn_worker_uptime_seconds', type: 'gauge', labels: ['pid', 'worker_id'], row: 'GUN-133' },
  {
    name: 'gunicorn_worker_state',
    type: 'gauge',
    labels: ['pid', 'state', 'timestamp', 'worker_id'],
    row: 'GUN-134',
  },
]

/** What every page declares from the first scrape on, whether it has series or not, as OpenMetrics names it. */
export const DECLARED: readonly string[] = [
  'gunicorn_master_worker_restart: counter, Total number of Gunicorn worker restarts',
  'gunicorn_master_worker_restart_count: counter, Total number of worker restarts by reason and worker',
  'gunicorn_worker_cpu_percent: gauge, CPU usage of the worker process',
  'gunicorn_worker_error_handling: counter, Total number of errors handled by this worker',
  'gunicorn_worker_failed_requests: counter, Total number of failed requests handled by this worker',
  'gunicorn_worker_memory_bytes: gauge, Memory usage of the worker process',
  'gunicorn_worker_request_duration_seconds: histogram, Request duration in seconds',
  'gunicorn_worker_request_size_bytes: histogram, Request size in bytes',
  'gunicorn_worker_requests: counter, Total number of requests handled by this worker',
  'gunicorn_worker_response_size_bytes: histogram, Response size in bytes',
  'gunicorn_worker_restart: counter, Total number of worker restarts by reason',
  'gunicorn_worker_restart_count: counter, Total number of worker restarts by worker and restart type',
  'gunicorn_worker_state: gauge, Current state of the worker (1=running, 0=stopped)',
  'gunicorn_worker_uptime_seconds: gauge, Uptime of the worker process',
]

/** The page in the format that came before OpenMetrics, which most tools read. */
export function asText(app: App): Metered['metrics'] {
  return metrics(at`http://${app.endpoint('metrics')}/metrics`, { headers: { accept: 'text/plain' } })
}

/** What a page declares: each family with its type and HELP; where it describes one in two ways, with both. */
export function declarationsOf(page: Metered['metrics']): Reading<readonly string[]> {
  const what = 'families, types and HELP that the page declares'
  return derive(page.exposition(), what, ({ metadata, dialect }) => {
    // The older format has no `_created` of its own, and calls a counter as its series are called.
    const lines = metadata.filter(({ family }) => !family.endsWith('_created'))
    const nameOf = (family: string) => (dialect === 'text' ? family.replace(/_total$/, '') : family)
    const names = [...new Set(lines.map(({ family }) => nameOf(family)))].sort()
    return names.map((name) => {
      const own = lines.filter(({ family }) => nameOf(family) === name)
      const types = new Set(own.flatMap((line) => (line.kind === 'type' ? [line.type] : [])))
      const texts = new Set(own.flatMap((line) => (line.kind === 'help' ? [line.help] : [])))
      return `${name}: ${[...types].join(' and ')}, ${[...texts].join(' and ')}`
    })
  })
}

/** The shape of a page: each family that has series, its type, the labels of its series and the bounds of its buckets. */
export function shapeOf(app: Metered): Reading<readonly string[]> {
  return derive(app.metrics.families(), 'families, types and labels on the page', (families) => {
    const shapes = families.flatMap(({ name, type, help, samples }) => {
      const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)))
      const bounds = new Set(samples.flatMap(({ labels: { le } }) => (le === undefined ? [] : [le])))
      labels.delete('le')
      // OpenMetrics calls a counter by its name without `_total`; its series have it in both formats.
      const shown = type === 'counter' ? (samples[0]?.name ?? name) : name
      if (samples.length === 0 || /_created$|^gunicorn_master/.test(name)) return []
      const described = help === undefined || help === '' ? ' without HELP' : ''
      return [
        describeShape({ name: shown, type, labels: [...labels].sort(), bounds: [...bounds] }) + described,
      ]
    })
    return shapes.sort()
  })
}

/** The shape that a page of workers must have, whatever they served. */
export function expectedShape(): readonly string[] {
  const shapes = WORKER_FAMILIES.map(({ name, type, labels }) =>
    describeShape({ name, type, labels, bounds: type === 'histogram' ? BUCKETS : [] }),
  )
  return shapes.sort()
}

function describeShape(shape: {
  name: string
  type: string
  labels: readonly string[]
  bounds: readonly string[]
}): string {
  const bounds = shape.bounds.length === 0 ? '' : ` le ${shape.bounds.join(' ')}`
  return `${shape.type} ${shape.name}{${shape.labels.join(',')}}${bounds}`
}
