import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBook, type Look } from '../../src/redis/book.ts'

/** A look at server time `at`, at the keys that are named. */
function look(
  at: number,
  deadlines: Readonly<Record<string, number | null | undefined>>,
  more: Partial<Look> = {},
): Look {
  const there = Object.entries(deadlines).flatMap(([key, when]) =>
    when === undefined ? [] : [[key, when] as const],
  )
  return {
    ...{
      before: at,
      after: at,
      at,
      asked: Object.keys(deadlines),
      deadlines: new Map(there),
      heard: 0,
      swept: [],
    },
    ...more,
  }
}

test('gone after its deadline: expired; before it: nobody saw how', () => {
  const book = createBook()
  book.see(look(0, { a: 100, b: 100, c: null }))
  book.see(look(99, { b: undefined, c: undefined }))
  book.see(look(101, { a: undefined }))
  assert.deepEqual(
    book.lives().map(({ key, end }) => [key, end?.how]),
    [
      ['b', 'vanished'],
      ['c', 'vanished'],
      ['a', 'expired'],
    ],
  )
  assert.deepEqual(
    book.deletions().map(({ key, command }) => [key, command]),
    [
      ['b', 'unknown'],
      ['c', 'unknown'],
    ],
  )
})

test('an event says more than two looks do', () => {
  const book = createBook()
  book.see(look(0, { a: 100, b: 100 }))
  book.hear('del', 'a', 50)
  book.hear('expired', 'b', 60)
  book.see(look(200, { a: undefined }, { heard: 2 }))
  book.see(look(70, { b: undefined }, { heard: 2 }))
  assert.deepEqual(
    book.lives().map(({ key, end }) => [key, end?.how, end?.at]),
    [
      ['a', 'deleted', 50],
      ['b', 'expired', 70],
    ],
  )
})

test('what happened before a look that saw the key alive is not its end', () => {
  const book = createBook()
  book.hear('del', 'a', 1)
  book.see(look(10, { a: 100 }, { heard: 1 }))
  book.see(look(101, { a: undefined }, { heard: 1 }))
  assert.equal(book.lives()[0]?.end?.how, 'expired')
  assert.equal(book.deletions().length, 1, 'and it was a deletion nevertheless')
})

test('a command that takes everything explains what nobody saw', () => {
  const book = createBook()
  book.see(look(0, { a: 100, b: 10 }))
  book.see(look(50, { a: undefined, b: undefined }, { swept: ['flushall'] }))
  assert.deepEqual(
    book.lives().map(({ key, end }) => [key, end?.how]),
    [
      ['a', 'deleted'],
      ['b', 'expired'],
    ],
  )
  assert.deepEqual(book.deletions(), [{ time: 50, command: 'flushall', key: '*' }])
})

test('a key that comes back lives anew; moves of its deadline are counted', () => {
  const book = createBook()
  book.see(look(0, { a: 100 }))
  book.see(look(10, { a: 110 }))
  book.see(look(20, { a: 110 }))
  assert.equal(book.alive()[0]?.moves, 1)
  book.see(look(111, { a: undefined }))
  book.see(look(120, { a: 220 }))
  assert.equal(book.lives().length, 2)
  assert.equal(book.alive()[0]?.moves, 0)
})

test('what a server held is lost with it', () => {
  const book = createBook()
  book.see(look(0, { a: 100 }))
  book.lose(50)
  assert.deepEqual(book.lives()[0]?.end, { how: 'lost', at: 50 })
  assert.equal(book.alive().length, 0)
})

test('a key that expired before anybody looked is known by the word of the server', () => {
  const book = createBook()
  book.hear('expired', 'a', 50)
  const [life] = book.lives()
  assert.deepEqual([life?.key, life?.deadline, life?.end], ['a', undefined, { how: 'expired', at: 50 }])
  book.see(look(60, { b: 100 }, { heard: 1 }))
  book.hear('expired', 'b', 101)
  book.see(look(110, { b: undefined }, { heard: 2 }))
  assert.deepEqual(
    book.lives().map(({ key, deadline }) => [key, deadline]),
    [
      ['a', undefined],
      ['b', 100],
    ],
    'and one that was seen is not counted twice',
  )
})
