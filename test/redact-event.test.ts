import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Event, emit, listen } from '../src/event.ts'
import { secret } from '../src/redact.ts'
import { redactEvent } from '../src/redact-event.ts'

test('secrets are nowhere in what an event says, however deep', () => {
  secret('hunter22')
  const events: Event[] = []
  const stop = listen((event) => events.push(event))
  emit({
    kind: 'service:starting',
    service: 'db',
    driver: 'process',
    command: ['db', '--password=hunter22'],
    after: [],
  })
  emit({ kind: 'note', level: 'info', text: 'hunter22 was told' })
  stop()
  assert.doesNotMatch(JSON.stringify(events), /hunter22/)
  assert.match(JSON.stringify(events), /--password=\[secret\]/)
})

test('a secret that reads like a word of ours does not change what an event is', () => {
  secret('failed')
  const event = { kind: 'step:end', outcome: 'failed', title: 'it failed', service: 'failed' }
  assert.deepEqual(redactEvent(event), { ...event, title: 'it [secret]' })
})

test('an event without secrets is the same object', () => {
  const event = { kind: 'note', text: 'nothing', list: [1, { a: 'b' }] }
  assert.equal(redactEvent(event), event)
})
