import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callSite, siteIn } from '../src/call-site.ts'

test('the call site is the line that called', () => {
  assert.match(String(callSite()), /^test\/call-site\.test\.ts:6$/)
})

test('the first frame of a script is found, past the project, packages and Node', () => {
  const own = new URL('../src/expect/expect.ts', import.meta.url).href
  const stack = [
    'Error: no',
    `    at expect (${own}:20:5)`,
    '    at file:///home/me/node_modules/zx/build/core.js:1:2',
    '    at process.exit (node:internal/process/per_thread:236:11)',
    '    at async file:///home/me/shop.mts:7:3',
    '    at async file:///home/me/other.mts:9:3',
  ].join('\n')
  assert.equal(siteIn(stack)?.toString(), '/home/me/shop.mts:7')
})

test('folders may have parentheses, blanks and a name like ours', () => {
  assert.equal(siteIn('    at f (file:///home/a%20(1)/x.mts:3:4)')?.file, '/home/a (1)/x.mts')
  assert.equal(siteIn('    at file:///home/a%20(1)/x.mts:3:4')?.line, 3)
  const beside = new URL('../src-of-mine/x.mts', import.meta.url)
  assert.equal(siteIn(`    at f (${beside.href}:3:4)`)?.toString(), 'src-of-mine/x.mts:3')
})

test('there may be none', () => {
  assert.equal(siteIn('Error: no\n    at node:internal/main:1:2'), undefined)
})
