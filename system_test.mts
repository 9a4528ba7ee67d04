#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/scripts/node" "$0" "$@"'
// Proves the gunicorn Prometheus exporter: metrics in Redis, in files, and configured by YAML, side by side.
import { systemTest } from 'shakedown'
import { prepare } from './e2e/integration/exporter/command.ts'

process.chdir(import.meta.dirname)

process.exitCode = await systemTest({
  name: './system_test.mts',
  about: 'Proves the gunicorn Prometheus exporter on real Redis, real gunicorn and real Prometheus.',
  scripts: [
    'e2e/integration/exporter_redis.mts',
    'e2e/integration/exporter_files.mts',
    'e2e/integration/exporter_yaml.mts',
  ],
  needs: ['redis-server', 'prometheus', 'gunicorn'],
  flags: {
    'no-redis': {
      about: 'use the Redis that runs at REDIS_HOST:REDIS_PORT; nothing foreign in it is touched',
    },
    force: { about: "free the application's and the metrics port first, by pid, saying whom it ends" },
    install: { about: 'install what is missing, and stop' },
    doctor: { about: 'say what is there, which version, and how to get what is missing' },
  },
  environment: {
    'APP_PORT, PROMETHEUS_METRICS_PORT':
      'ports of the application; 8088 and 9093 in --full and --ci, free ones in --quick',
    'REDIS_PORT, PROMETHEUS_PORT':
      'the same for Redis (6379) and Prometheus (9090); a free one where the default is taken',
    'REDIS_HOST, REDIS_DB': 'where --no-redis finds Redis (127.0.0.1, 0)',
    REDIS_TTL_SECONDS: 'the time to live of every application, whatever the mode says',
    GUNICORN_WORKERS: 'workers of each application (2)',
    PROMETHEUS_BIND_ADDRESS: 'where metrics are served (127.0.0.1)',
    EXPORTER: 'another release of the exporter, or a checkout of it: EXPORTER=0.2.3, EXPORTER=../exporter',
    'REDIS_BIN, PROMETHEUS_BIN, GUNICORN_BIN':
      'other programs than those of the PATH and the virtual environment',
    'DEBUG=1': 'as --verbose',
    NO_COLOR: 'no colours',
  },
  prepare,
  commands: { install: 'scripts/install.mts', doctor: 'scripts/doctor.mts' },
})
