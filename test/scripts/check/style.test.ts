import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource } from '../../../scripts/check/source.ts'
import { styleOf } from '../../../scripts/check/style.ts'

function messagesIn(text: string, file = 'src/wait/a.ts', strict = true): readonly string[] {
  return styleOf(parseSource(file, text), strict).map(({ line, message }) => `${line}: ${message}`)
}

const lines = (count: number) => '  work()\n'.repeat(count)

const REFUSED: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
  'a file that is too long': ['x()\n'.repeat(201), /^1: has 201 lines; 200 at most$/],
  'a function that is too long': [
    `function f() {\n${lines(39)}}`,
    /^1: has a function of 41 lines; 40 at most$/,
  ],
  'a callback that is too long': [`g(() => {\n${lines(39)}})`, /function of 41 lines/],
  'four parameters': [
    'function f(a: A, b: B, c: C, d: D) {}',
    /4 parameters; after 3, take an options object/,
  ],
  'a non-null': ['\nconst a = b!', /^2: has a non-null '!'/],
  'an any': ['const a: any = b', /has an 'any'/],
  'a cast': ['const a = b as C', /has an 'as' without a reason on its line/],
  'a cast with the reason on another line': ['// why\nconst a = b as C', /has an 'as' without a reason/],
  'a cast in brackets': ['const a = <C>b', /cast in angle brackets/],
  'a default export': ['export default 1', /exports a default/],
  'a barrel': ["export * from './b.ts'", /hands on what another file exports/],
  'one handed on': ["export { b } from './b.ts'", /hands on what another file exports/],
  'a class': ['class Manager {}', /is a class \(Manager\)/],
  'a class of something else': ['class Manager extends Base {}', /is a class \(Manager\)/],
  'an export without a sentence': ['export const a = 1', /exports a without a sentence above/],
  'an export below one word': ['// helper\nexport const a = 1', /exports a without a sentence above/],
  'an export below a sentence and a gap': [
    '// What it guarantees.\n\nexport function a() {}',
    /exports a without a sentence/,
  ],
  'an empty catch': ['try { a() } catch {}', /empty catch: state the fact/],
  'an empty catch with a word': ['try { a() } catch { /* ok */ }', /empty catch/],
  'nesting of four': [
    'function f() { if (a) for (;;) while (b) try { c() } finally { d() } }',
    /nested 4 deep/,
  ],
  'a silenced compiler': ['// @ts-ignore because\na()', /silences the compiler/],
  'an expected error without a reason': ['// @ts-expect-error\na()', /without saying why/],
}

for (const [title, [text, message]] of Object.entries(REFUSED)) {
  test(`refused: ${title}`, () => {
    const found = messagesIn(text)
    assert.equal(found.length, 1, found.join('\n'))
    assert.match(found[0] ?? '', message)
  })
}

test('refused: names that do not say whether a file is run or imported, and names that say nothing', () => {
  assert.match(messagesIn('', 'scripts/check-all.mts').join(), /not named as snake_case\.mts/)
  assert.match(messagesIn('', 'src/wait/pollLoop.ts').join(), /not named as kebab-case\.ts/)
  assert.match(messagesIn('', 'src/utils/poll.ts').join(), /a name that says nothing/)
})

const ALLOWED: Readonly<Record<string, string>> = {
  'a function of 40 lines': `function f() {\n${lines(38)}}`,
  'inner functions that are counted apart': `function f() {\n${lines(20)}const g = () => {\n${lines(20)}}\nreturn g\n}`,
  'as const': 'const a = [1] as const',
  'a cast with its reason': 'const a = b as C // what the library says it is',
  'satisfies and definite checks': 'const a = b satisfies C',
  'errors and Scope': 'class Lost extends Failure {}\nclass Odd extends TypeError {}\nclass Scope {}',
  'a catch that states its fact':
    'try { a() } catch {\n  // the file is gone already, which is what was wanted\n}',
  'else if at the depth of its if':
    'function f() { if (a) b(); else if (c) d(); else if (e) g(); else if (h) i(); else j() }',
  'nesting that begins again in a callback':
    'function f() { for (;;) while (b) each(() => { if (a) for (;;) c() }) }',
  'exports with their sentence':
    '/** What it guarantees. */\nexport function a(x: A): B\nexport function a(x: C): B\n',
  'a block of one-liners with one': '// All of them are events.\nexport type A = 1\nexport type B = 2',
}

for (const [title, text] of Object.entries(ALLOWED)) {
  test(`allowed: ${title}`, () => assert.deepEqual(messagesIn(text), []))
}

test('tests may be long functions without sentences, but not untyped ones', () => {
  assert.deepEqual(
    messagesIn(`function f() {\n${lines(80)}}\nexport const a = 1`, 'test/a.test.ts', false),
    [],
  )
  assert.equal(messagesIn('const a = b as any', 'test/a.test.ts', false).length, 2)
})
