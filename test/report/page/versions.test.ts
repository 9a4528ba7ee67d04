import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVersionStore, versionIn } from '../../../src/report/page/collect/versions.ts'

const LINES: Readonly<Record<string, string | undefined>> = {
  '4418:C 21 Nov 2026 13:48:12.828 # Redis version=7.0.15, bits=64, commit=00000000': '7.0.15',
  '[2026-11-21 13:48:16 +0000] [4638] [INFO] Starting gunicorn 23.0.0': '23.0.0',
  'level=info msg="Starting Prometheus Server" mode=server version="(version=2.42.0+ds, branch=x)"': '2.42.0',
  '{"level":"info","msg":"starting etcd server","etcd-version":"3.4.23","go-version":"go1.19.8"}': '3.4.23',
  'LOG:  starting PostgreSQL 15.8 (Debian 15.8-0) on x86_64': '15.8',
  '[7] [INF]   Version:  2.9.11': '2.9.11',
  'ready to accept connections': undefined,
  'starting 2 workers': undefined,
}

for (const [line, version] of Object.entries(LINES)) {
  test(`${version ?? 'no version'} in: ${line}`, () => assert.equal(versionIn(line), version))
}

test('what is known of a service counts more than what it printed, and only first lines are looked at', () => {
  const store = createVersionStore()
  print('redis', 'Redis version=7.0.15')
  for (let count = 0; count < 50; count += 1) print('app', 'another line')
  print('app', 'version=1.2.3')
  assert.deepEqual(store.versions, { redis: '7.0.15' })
  store.hear({
    ...{ time: 1, script: 'x.mts', kind: 'service:ready', service: 'redis' },
    ...{ milliseconds: 1, endpoints: {}, version: '8.0', looks: 1 },
  })
  assert.deepEqual(store.versions, { redis: '8.0' })

  function print(service: string, line: string): void {
    store.hear({ time: 1, script: 'x.mts', kind: 'log', service, stream: 'stdout', line })
  }
})
