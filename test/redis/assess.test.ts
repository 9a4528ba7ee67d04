import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assess, type Question, type Suspects } from '../../src/redis/assess.ts'
import { type Book, createBook } from '../../src/redis/book.ts'

const QUESTION: Question = {
  ...{ matches: (key) => key.startsWith('a'), named: 0, start: 1000, bound: 3000, deletions: 0 },
}

/** A look at the keys that are named: when each expires, null for never, undefined where it is gone. */
function see(book: Book, at: number, keys: Readonly<Record<string, number | null | undefined>>): void {
  const there = Object.entries(keys).flatMap(([key, when]) =>
    when === undefined ? [] : [[key, when] as const],
  )
  book.see({
    ...{
      before: at,
      after: at,
      at,
      asked: Object.keys(keys),
      deadlines: new Map(there),
      heard: 0,
      swept: [],
    },
  })
}

function kindsOf(book: Book, withoutTtl: Suspects = new Map()): readonly string[] {
  return assess(book, QUESTION, withoutTtl).problems.map(({ kind }) => kind)
}

test('where nothing was ever seen there is nothing that could expire', () => {
  const book = createBook()
  see(book, 1000, { b: 2000 })
  assert.deepEqual(kindsOf(book), ['nothing'])
})

test('the deadline may be the bound, and not a millisecond later', () => {
  const book = createBook()
  see(book, 1000, { a: 3000 })
  assert.deepEqual(kindsOf(book), [])
  see(book, 1001, { a: 3001 })
  assert.deepEqual(kindsOf(book), ['late'])
})

test('a missing TTL counts at the second look only: HSET and EXPIRE are two commands', () => {
  const book = createBook()
  see(book, 1000, { a: null })
  const first = assess(book, QUESTION, new Map())
  assert.deepEqual(first.problems, [])
  assert.deepEqual(kindsOf(book, first.withoutTtl), [], 'the same look again says nothing more')
  see(book, 1001, { a: null })
  assert.deepEqual(kindsOf(book, first.withoutTtl), ['no TTL'])
})

test('a key that a server keeps for more than a second after its deadline is overdue', () => {
  const book = createBook()
  see(book, 1000, { a: 1500 })
  see(book, 2400, { a: 1500 })
  assert.deepEqual(kindsOf(book), [])
  see(book, 2501, { a: 1500 })
  assert.deepEqual(kindsOf(book), ['outlived'])
})

test('what was lost with its server before the claim is nobody’s fault; during it, it proves nothing', () => {
  const book = createBook()
  see(book, 500, { a: 1500 })
  book.lose(900)
  see(book, 1000, { a1: 2000 })
  assert.deepEqual(kindsOf(book), [])
  book.lose(1100)
  assert.deepEqual(kindsOf(book), ['lost'])
})

test('a deletion is told once, whether as the end of a key or by itself', () => {
  const book = createBook()
  see(book, 1000, { a: 2000 })
  see(book, 1500, { a: undefined })
  book.miss(['flushall'], 1600)
  assert.deepEqual(kindsOf(book), ['deleted', 'deletion'])
})
