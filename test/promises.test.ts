import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { LIMITS } from '../src/service/process/limits.ts'
import { root } from './scripts/project.ts'

const PAGE = readFileSync(join(root, 'docs/promises.md'), 'utf8')
/** `file`: title. A title that is made of parts has … where it varies. */
const PROOF = /`(test\/[^`]+)`: (.+?)(?=<br>| \|$)/g
const TITLES = /\b(?:test|describe)\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|`([^`]*)`)/g

/** A page claims that these tests exist; gives those that do not. */
function findMissing(page: string): readonly string[] {
  const proofs = page.split('\n').flatMap((line) => [...line.matchAll(PROOF)])
  return proofs.flatMap(([, file = '', title = '']) => (isThere(file, title) ? [] : [`${file}: ${title}`]))
}

function isThere(file: string, title: string): boolean {
  if (!existsSync(join(root, file))) return false
  // The outcome of a script: its golden file is its title.
  if (title.startsWith('fixtures/')) return existsSync(join(root, title))
  const wanted = new RegExp(`^${title.split('…').map(RegExp.escape).join('.*')}$`)
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(TITLES)].some(([, ...titles]) => titles.some((one) => wanted.test(one ?? '')))
}

test('every promise names the tests that prove it, and each of them exists', () => {
  const rows = PAGE.split('\n').filter((line) => /^\| (?!situation|system|linux|unix|windows|-)/.test(line))
  assert.ok(rows.length >= 18, `${rows.length} rows`)
  assert.deepEqual(
    rows.filter((row) => !/`test\//.test(row)),
    [],
  )
  assert.deepEqual(findMissing(PAGE), [])
})

test('a test that is named and does not exist is found', () => {
  const row = (proof: string) => `| x | y | ${proof} |`
  assert.deepEqual(findMissing(row('`test/promises.test.ts`: nobody wrote this')), [
    'test/promises.test.ts: nobody wrote this',
  ])
  assert.deepEqual(
    findMissing(row('`test/nowhere.test.ts`: a test<br>`test/promises.test.ts`: a test that …')),
    ['test/nowhere.test.ts: a test'],
  )
})

test('what cannot be promised is in the page as it is in the data', () => {
  const rows = LIMITS.map(({ on, what, effect }) => `| ${on.join(', ')} | ${what} | ${effect} |`)
  assert.deepEqual(
    rows.filter((row) => !PAGE.includes(row)),
    [],
  )
  assert.equal(PAGE.match(/^\| (linux|unix|windows)/gm)?.length, rows.length)
})
