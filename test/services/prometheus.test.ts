import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LISTENING } from '../../src/services/prometheus.ts'

const ANNOUNCED: Readonly<Record<string, string>> = {
  '2.42':
    'ts=2026-11-21T10:51:03.094Z caller=tls_config.go:232 level=info component=web msg="Listening on" address=127.0.0.1:40717',
  '3.15':
    'time=2026-11-21T14:18:01.525Z level=INFO source=tls_config.go:381 msg="Listening on" component=web address=127.0.0.1:36835',
}

test('the port is read from what each generation of Prometheus announces', () => {
  const ports = Object.values(ANNOUNCED).map((line) => LISTENING.exec(line)?.groups?.['port'])
  assert.deepEqual(ports, ['40717', '36835'])
  // What it is going to do is no announcement: its port is 0 there.
  const before = 'level=INFO msg="Start listening for connections" component=web address=127.0.0.1:0'
  assert.equal(LISTENING.exec(before), null)
})
