#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// Metrics that gunicorn's workers keep in memory-mapped files are right, survive signals, and outlive their workers.
import { at, scenario } from 'shakedown'
import { verifyAccessLog, verifyRotation } from './exporter/access-log.ts'
import { appInFiles, METRICS_FOLDER } from './exporter/app.ts'
import { verifyRequests } from './exporter/asked.ts'
import { AMOUNTS, verifyCounting } from './exporter/counting.ts'
import { verifyDurations, verifyNoMoreThanPassed } from './exporter/durations.ts'
import { verifyFiles, verifyFilesStay, verifyWorkerDeath } from './exporter/files.ts'
import { verifyGauges } from './exporter/gauges.ts'
import {
  verifyFirstRequests,
  verifyHousehold,
  verifyScrapesLeaveNothing,
  verifyStart,
} from './exporter/household.ts'
import { verifyFirstPage, verifyLateScrapes, verifyMetrics } from './exporter/page.ts'
import { verifySignals, verifyUpgrade } from './exporter/signals.ts'

const app = appInFiles('files')
const folder = at`${app.dir}/${METRICS_FOLDER}`

await scenario('metrics in files', { tags: ['p0', 'files'] }, async () => {
  await verifyStart(app)
  await verifyFirstPage(app)
  await verifyFirstRequests(app)
  await verifyCounting(app, AMOUNTS.files)
  await verifyRequests(app)
  await verifyAccessLog(app)
  await verifyDurations(app)
  await verifyNoMoreThanPassed(app)
  await verifyMetrics(app)
  await verifyHousehold(app)
  await verifyScrapesLeaveNothing(app)
  await verifyFiles(app, folder)
  await verifyGauges(app)
  await verifyWorkerDeath(app)
  await verifySignals(app)
  await verifyRotation(app)
  await verifyUpgrade(app)
  await verifyLateScrapes(app)
  await verifyFilesStay(app, folder)
})
