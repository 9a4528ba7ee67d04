import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { hearEvents } from '../../src/run/hear.ts'

async function heard(...chunks: readonly string[]): Promise<readonly Event[]> {
  const events: Event[] = []
  await hearEvents(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), (event) => events.push(event))
  return events
}

const NOTE = JSON.stringify({ time: 1, script: 'a', kind: 'note', text: 'ä {}', level: 'info' })

test('every event is heard, however its line arrives', async () => {
  const bytes = Buffer.from(`${NOTE}\n${NOTE}\n`)
  const events: Event[] = []
  await hearEvents(Readable.from([...bytes].map((byte) => Buffer.from([byte]))), (event) =>
    events.push(event),
  )
  assert.deepEqual(events, [JSON.parse(NOTE), JSON.parse(NOTE)])
})

test('a line that was cut off is left out, wherever it was cut', async () => {
  for (let length = 1; length < NOTE.length; length += 1) {
    assert.equal((await heard(`${NOTE}\n`, NOTE.slice(0, length))).length, 1, NOTE.slice(0, length))
  }
})

test('what is no event is left out', async () => {
  assert.deepEqual(await heard('hello\n', '{}\n', 'null\n', '42\n'), [])
})
