import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSeries, seriesAnswered, seriesFailed, seriesSent, slotsOf } from '../../src/traffic/series.ts'

test('slots of 100 ms, those in which nothing happened too, each with quantiles of its own', () => {
  const series = createSeries()
  seriesSent(series, 0)
  seriesSent(series, 99.9)
  seriesAnswered(series, 99.9, { latency: 50, isError: false })
  seriesSent(series, 100)
  seriesFailed(series, 310)
  seriesAnswered(series, 320, { latency: 2, isError: true })
  seriesAnswered(series, 330, { latency: 4, isError: false })
  assert.deepEqual(slotsOf(series), [
    { at: 0, sent: 2, answered: 1, errors: 0, p50: 50, p95: 50 },
    { at: 100, sent: 1, answered: 0, errors: 0 },
    { at: 200, sent: 0, answered: 0, errors: 0 },
    { at: 300, sent: 0, answered: 2, errors: 2, p50: 2, p95: 4 },
  ])
})
