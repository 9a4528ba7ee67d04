import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readKinds } from './event-kinds.ts'
import { eventsOf, LOGS } from './rendering.ts'

const kinds = readKinds(['src/event.ts', 'src/event-doubt.ts', 'src/event-service.ts'])
const stamp = kinds.get('in every event') ?? []
const page = readFileSync('docs/events.md', 'utf8')

/** The rows of all tables: their first cell, and the names in their last one. */
function rowsOf(text: string): readonly (readonly [string, readonly string[]])[] {
  const rows = [...text.matchAll(/^\| `([^`]+)` \|.*\| (.*) \|$/gm)]
  return rows.map(([, kind = '', fields = '']) => [
    kind,
    [...fields.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  ])
}

test('the page on events has every kind with every field, and no other ones', () => {
  const [head = '', ...tables] = page.split('\n## The run and its scripts')
  const described = new Map(rowsOf(tables.join('')))
  const expected = [...kinds].filter(([kind]) => kind !== 'in every event')
  assert.deepEqual([...described.keys()].sort(), expected.map(([kind]) => kind).sort())
  for (const [kind, fields] of expected)
    assert.deepEqual(described.get(kind)?.toSorted(), fields.toSorted(), `fields of ${kind}`)
  const common = [...head.matchAll(/^\| `(\w+\??)` \|/gm)].map(([, name]) => name)
  assert.deepEqual(common.sort(), stamp.toSorted())
})

test('what was recorded has no field that the page does not have', async () => {
  const names = (fields: readonly string[]) => fields.map((field) => field.replace('?', ''))
  for (const log of LOGS) {
    for (const event of await eventsOf(log)) {
      const known = new Set([...names(stamp), ...names(kinds.get(event.kind) ?? [])])
      const unknown = Object.keys(event).filter((field) => !known.has(field))
      assert.deepEqual(unknown, [], `${event.kind} of ${log}`)
    }
  }
})
