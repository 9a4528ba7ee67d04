#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// The same pipeline on the etcd of the documents: in a container, which Docker Compose brings up.
import { $, expect, scenario, start, step } from 'shakedown'
import { createPipeline, expectArrived, uploadFile } from '../integration/telemetry/pipeline.ts'
import { sampleRows, writeCsv } from '../integration/telemetry/sample.ts'
import { COMPOSE_FILE, createContainer, requireDocker } from './telemetry-etcd.ts'

const options = {
  tags: ['p1', 'telemetry', 'docker'],
  requires: ['docker'],
  timeout: '10m',
} as const
const rows = sampleRows()

await scenario('etcd in a container', options, async () => {
  await requireDocker()
  const { box, store, name, port } = await createContainer()
  const pipeline = createPipeline({ store })
  const { upload, collect, api } = pipeline

  await step('Docker Compose brings it up, on its port', { proves: ['TEL-006', 'TEL-035'] }, async () => {
    await start(box)
    const published = await $`docker compose --file ${COMPOSE_FILE} --project-name ${name} port etcd 2379`
    expect(published.stdout).toMatch(`127.0.0.1:${port}\n`)
  })

  await step('what is uploaded arrives', { proves: ['TEL-006', 'TEL-035'] }, async () => {
    await start(upload, collect, api)
    await uploadFile(pipeline, writeCsv('gpus.csv', rows), rows.length)
    await expectArrived(pipeline, rows)
  })

  await step('etcd’s own tool looks into it', { proves: ['TEL-060'] }, async () => {
    const inside = ['exec', name, 'etcdctl']
    await expect($`docker ${inside} get --prefix --keys-only /telemetry`).toExit(0, {
      stdout: /\/hosts\/test-host-1\/gpus\/0$/m,
    })
    await expect($`docker ${inside} endpoint health 2>&1`).toExit(0, { stdout: /is healthy/ })
  })

  await step('its log is at hand', { proves: ['TEL-094'] }, async () => {
    await expect(box.logs.lines(/ready to serve client requests/)).toHaveSize(1)
    await expect($`docker logs ${name} 2>&1`).toExit(0, { stdout: /ready to serve client requests/ })
  })
})
