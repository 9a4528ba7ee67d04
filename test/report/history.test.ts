import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHistoryEntry } from '../../src/report/history.ts'
import { summarize } from '../../src/report/summary.ts'
import { eventsOf } from './rendering.ts'

test('an entry has what a later run is compared with: outcomes, times, versions, findings', async () => {
  const entry = toHistoryEntry(summarize(await eventsOf('parallel')))
  const { run, mode, exit, finished, findings, versions } = entry
  assert.deepEqual(
    { run, mode, exit, finished, findings, versions },
    {
      run: 'results/2026-01-01T00-00-00-quick',
      mode: 'quick',
      exit: 1,
      finished: true,
      findings: ['F1'],
      versions: { redis: '7.0.15', gunicorn: '23.0.0', prometheus: '2.42.0' },
    },
  )
  const redis = 'e2e/integration/exporter/redis.mts: '
  assert.deepEqual(entry.tests[`${redis}metrics in Redis › Prometheus agrees with what was sent`], {
    outcome: 'failed',
    milliseconds: 10_010,
    failure: 'metric did not rise: gunicorn_worker_requests_total summed',
  })
  assert.equal(entry.boots[`${redis}prometheus`], 5104)
  assert.equal(JSON.stringify(entry).includes('\n'), false)
})

test('of a service that was restarted the first boot counts', async () => {
  const events = await eventsOf('parallel')
  const again = events.flatMap((event) =>
    event.kind.startsWith('service:')
      ? [{ ...event, time: event.time + (event.kind === 'service:ready' ? 9000 : 0) }]
      : [],
  )
  const entry = toHistoryEntry(summarize([...events, ...again]))
  assert.equal(entry.boots['e2e/integration/exporter/redis.mts: redis'], 19)
})
