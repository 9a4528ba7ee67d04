#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../../scripts/node" "$0" "$@"'
// Proves the telemetry pipeline: the four tests of the document, delivery exactly once, and what is refused, side by side.
import { join } from 'node:path'
import { systemTest } from 'shakedown'
import { prepare } from './command.ts'

process.chdir(join(import.meta.dirname, '../../..'))

process.exitCode = await systemTest({
  name: 'e2e/integration/telemetry/suite.mts',
  about: 'Proves a telemetry pipeline on real etcd: upload, queue, collector, gateway.',
  scripts: ['process', 'ways', 'delivery', 'uploads', 'speed'].map(
    (name) => `e2e/integration/telemetry/${name}.mts`,
  ),
  needs: ['etcd'],
  flags: { force: { about: 'free the documented ports first, by pid, saying whom it ends' } },
  environment: {
    'STREAMER_PORT, GATEWAY_PORT, ETCD_PORT':
      'ports of the four tests of the document; 8091, 8090 and 12379 in --full and --ci, free ones in --quick',
    ETCD_BIN: 'another etcd than that of the PATH',
  },
  prepare,
})
