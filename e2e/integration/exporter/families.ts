import { derive, type Metered, type Reading } from 'shakedown'

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

/** What the master adds when it was sent a signal. */
export const MASTER_FAMILIES: readonly ExpectedFamily[] = [
  { name: 'gunicorn_master_worker_restart_total', type: 'counter', labels: ['reason'], row: 'GUN-135' },
]

/** Families that are declared, with HELP and TYPE, and have series only after something went wrong. */
export const SILENT_FAMILIES: readonly string[] = [
  'gunicorn_worker_failed_requests_total',
  'gunicorn_worker_error_handling_total',
  'gunicorn_worker_restart_total',
  'gunicorn_worker_restart_count_total',
  'gunicorn_master_worker_restart_count_total',
  'gunicorn_worker_request_size_bytes',
  'gunicorn_worker_response_size_bytes',
]

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
