import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogTail } from '../../src/report/log-tail.ts'
import { createStream } from './stream.ts'

test('of a scenario that failed the last lines are those from before its services were stopped', () => {
  const log = (line: string) => ({ kind: 'log', service: 'shop', stream: 'stdout', line }) as const
  const evidence = { kind: 'evidence', folder: 'x', files: [], missing: [], milliseconds: 1 } as const
  const stream = createStream()
    .at(10, log('sold out'))
    .at(20, evidence, { scenario: '1' })
    .at(30, log('good bye'))
  const tail = createLogTail()
  for (const event of stream.events) tail.hear(event)
  const [first] = stream.events
  const part = { script: first?.script ?? '', began: 0 }
  assert.deepEqual(tail.lastOf({ ...part, id: '1' }, 8), ['shop | sold out'])
  assert.deepEqual(tail.lastOf({ ...part, id: '2' }, 8), ['shop | sold out', 'shop | good bye'])
  assert.deepEqual(tail.lastOf({ ...part, began: (first?.time ?? 0) + 5 }, 1), ['shop | good bye'])
})
