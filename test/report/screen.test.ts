import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openScreen, type Stream } from '../../src/report/screen.ts'

function createStream(isTTY: boolean): Stream & { readonly written: string[]; fail(): void } {
  const written: string[] = []
  let listener: ((error: Error) => void) | undefined
  return {
    isTTY,
    columns: 80,
    written,
    write: (chunk) => written.push(String(chunk)) > 0,
    on: (_, told) => {
      listener = told
    },
    fail: () => listener?.(new Error('EPIPE')),
  }
}

const COLORS: readonly (readonly [boolean, Readonly<Record<string, string>>, boolean])[] = [
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  [true, { TERM: 'dumb' }, false],
]

for (const [isTTY, env, colors] of COLORS) {
  test(`${isTTY ? 'a terminal' : 'a pipe'} with ${JSON.stringify(env)} ${colors ? 'has' : 'has no'} colours`, () => {
    assert.equal(openScreen(createStream(isTTY), env).colors, colors)
  })
}

test('Unicode is what the locale says, the first that is set', { skip: process.platform === 'win32' }, () => {
  const unicode = (env: Readonly<Record<string, string>>) => openScreen(createStream(true), env).unicode
  assert.equal(unicode({ LANG: 'C.UTF-8' }), true)
  assert.equal(unicode({ LANG: 'en_US.utf8' }), true)
  assert.equal(unicode({ LANG: 'C.UTF-8', LC_ALL: 'C' }), false)
  assert.equal(unicode({ LANG: 'C', LC_CTYPE: 'de_DE.UTF-8', LC_ALL: '' }), true)
  assert.equal(unicode({}), false)
  assert.equal(unicode({ LANG: 'C.UTF-8', TERM: 'linux' }), false)
})

test('a dumb terminal is written to like a pipe, and what is piped has a width', () => {
  assert.equal(openScreen(createStream(true), { TERM: 'dumb' }).isTTY, false)
  assert.equal(openScreen({ write: () => true }, {}).columns, 120)
})

test('a reader that went away ends the writing, not the run', () => {
  const stream = createStream(false)
  const screen = openScreen(stream, {})
  screen.write('one')
  stream.fail()
  screen.write('two')
  assert.deepEqual(stream.written, ['one'])
})

test('what others write to the terminal can be taken over, and is given back', () => {
  const [out, log, file] = [createStream(true), createStream(true), createStream(false)]
  const screen = openScreen(out, {}, [log, file])
  const heard: string[] = []
  const release = screen.capture?.((text) => heard.push(text))
  out.write('a')
  log.write(Buffer.from('b'))
  file.write('c')
  screen.write('own')
  release?.()
  out.write('d')
  assert.deepEqual(
    { heard, out: out.written, log: log.written, file: file.written },
    { heard: ['a', 'b'], out: ['own', 'd'], log: [], file: ['c'] },
  )
  assert.equal(openScreen(createStream(false), {}).capture, undefined)
})
