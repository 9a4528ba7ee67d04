import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../../src/event.ts'
import { createLineStore } from '../../../src/report/page/collect/lines.ts'
import { failure } from '../stream.ts'

test('every line is kept while there are few, in the order in which they were heard', () => {
  const store = createLineStore({ lines: 1000, characters: 100_000 })
  for (let index = 0; index < 500; index += 1) store.hear(line(index % 2 === 0 ? 'a' : 'b', `line ${index}`))
  assert.deepEqual(
    store.sources.map(({ service, total }) => [service, total]),
    [
      ['a', 250],
      ['b', 250],
    ],
  )
  const orders = store.sources.flatMap(({ blocks }) =>
    blocks.flatMap(({ lines }) => lines.map(({ order }) => order)),
  )
  assert.deepEqual(
    orders.toSorted((one, other) => one - other),
    Array.from({ length: 500 }, (_, index) => index),
  )
})

test('the one that prints most loses its oldest lines, but not its first; the quiet one loses none', () => {
  const store = createLineStore({ lines: 2000, characters: 1_000_000 })
  for (let index = 0; index < 50_000; index += 1) {
    store.hear(line('loud', `loud ${index}`))
    if (index % 1000 === 0) store.hear(line('quiet', `quiet ${index}`))
  }
  assert.ok(store.kept <= 2000)
  assert.deepEqual(textsOf('quiet').length, 50)
  assert.equal(textsOf('loud')[0], 'loud 0')
  assert.equal(textsOf('loud').at(-1), 'loud 49999')
  const loud = store.sources.find(({ service }) => service === 'loud')
  const lost = loud?.blocks.reduce((sum, block) => sum + block.lost, 0) ?? 0
  assert.equal(lost + textsOf('loud').length, 50_000)

  function textsOf(name: string): readonly string[] {
    const source = store.sources.find(({ service }) => service === name)
    return source?.blocks.flatMap(({ lines }) => lines.map(({ text }) => text)) ?? []
  }
})

test('lines before a failure stay, however much comes after it', () => {
  const store = createLineStore({ lines: 2000, characters: 1_000_000 })
  for (let index = 0; index < 5000; index += 1) store.hear(line('app', `before ${index}`))
  store.hear(failed())
  for (let index = 0; index < 50_000; index += 1) store.hear(line('app', `after ${index}`))
  const texts = store.sources.flatMap(({ blocks }) =>
    blocks.flatMap(({ lines }) => lines.map(({ text }) => text)),
  )
  assert.ok(texts.includes('before 4999'))
  assert.ok(!texts.includes('before 3000'))
})

test('very long lines count as what is kept of them', () => {
  const store = createLineStore({ lines: 100_000, characters: 50_000 })
  for (let index = 0; index < 1000; index += 1) store.hear(line('app', 'x'.repeat(100_000)))
  assert.ok(store.kept < 600, `${store.kept} lines`)
  assert.match(store.sources[0]?.blocks[0]?.lines[0]?.text ?? '', / … 96000 more characters$/)
})

function line(service: string, text: string): Event {
  return { time: 1, script: 'x.mts', kind: 'log', service, stream: 'stdout', line: text }
}

function failed(): Event {
  return {
    ...{ time: 1, script: 'x.mts', kind: 'step:end', id: '1.1', parent: '1', title: 'x', proves: [] },
    ...{ outcome: 'failed', seconds: 1, error: failure('x') },
  }
}
