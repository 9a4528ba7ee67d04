import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FailureResult } from '../../src/report/failures.ts'
import { annotate, escapeData, escapeProperty, guardCommands } from '../../src/report/github.ts'
import { tell } from './rendering.ts'
import { createStream, failure, wholeRun } from './stream.ts'

const failed = (title: string, at?: string): FailureResult => ({
  script: 'e2e/x.mts',
  path: ['a story', title],
  error: failure(title, at),
  part: undefined,
})

test('texts and properties are escaped as the runner reads them', () => {
  assert.equal(escapeData('100%\r\na:b,c'), '100%25%0D%0Aa:b,c')
  assert.equal(escapeProperty('100%\na:b,c'), '100%25%0Aa%3Ab%2Cc')
})

test('an annotation names the file and the line, relative to the workspace', () => {
  const [line] = annotate([failed('too little, too late', 'e2e/x.mts:7')], process.cwd())
  assert.equal(
    line,
    '::error file=e2e/x.mts,line=7,title=a story › too little%2C too late::too little, too late%0A  expected  1%0A  last      2%0A  at        e2e/x.mts:7',
  )
  const inFolder = annotate([failed('x', `${process.cwd()}/e2e/x.mts:7`)], `${process.cwd()}/e2e`)
  assert.match(inFolder.join(), /^::error file=x\.mts,line=7,/)
  for (const at of [undefined, '/elsewhere/x.mts:7', 'no line']) {
    assert.match(annotate([failed('x', at)], process.cwd()).join(), /^::error title=a story › x::/)
  }
})

test('ten different failures are annotated, of more nine and how many are left', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => failed(`failure ${index}`, `e2e/x.mts:${index + 1}`))
  assert.equal(annotate(many(10)).length, 10)
  const lines = annotate(many(14))
  assert.equal(lines.length, 10)
  assert.match(lines.at(-1) ?? '', /^::error title=5 more failures::/)
})

test('the same failure in several places is annotated once', () => {
  const same = Array.from({ length: 30 }, () => failed('the same', 'e2e/x.mts:7'))
  assert.equal(annotate(same).length, 1)
})

test('text in which the runner would see a command is shown with its obedience off', () => {
  for (const text of ['::error::x', 'a\n  ::set-output name=x::y\n', 'deep in ##[group]a line']) {
    assert.equal(guardCommands(text, 'token'), `::stop-commands::token\n${text.trimEnd()}\n::token::\n`)
  }
  for (const text of ['', 'plain\n', 'a :: b\n', 'std::vector\n', '# [x]\n'])
    assert.equal(guardCommands(text, 'token'), text)
  assert.notEqual(
    guardCommands('::x::'),
    guardCommands('::x::'),
    'a token that can be guessed ends it from inside',
  )
})

test('what failed stands below the group of its scenario, which is folded', async () => {
  const failed = { outcome: 'failed', error: failure('too little') } as const
  const stream = createStream().scenario('1 a story', [0, 100], failed).step('1.1 a step', [10, 90], failed)
  const log = await tell(wholeRun(stream.events, 1), { style: 'ci', verbose: false, github: true })
  assert.match(
    log,
    /\n▸ a story\n::group::✗ a story .*\n✗ a step .*\n::endgroup::\n\ntoo little\n {2}expected {2}1\n/,
  )
})

test('waits are told at once, what happened when its scenario has ended', async () => {
  const wait = { kind: 'wait:progress', what: 'x: 1', milliseconds: 5000, last: '0' } as const
  const stream = createStream()
    .scenario('1 a story', [0, 100])
    .step('1.1 a step', [10, 90])
    .at(50, wait, { scenario: '1', step: '1.1' })
  const cut = wholeRun(stream.events).filter(({ kind }) => !kind.endsWith(':end'))
  const log = await tell(cut, { style: 'ci', verbose: false, github: true })
  assert.match(
    log,
    /\n {2}… waits 5\.0s for x: 1, last saw 0 \(a step\)\n::group::▸ a story {2}did not end\n/,
  )
})

/** What GitHub's runner would do with a log: the commands that it obeys. */
function obeyed(log: string): readonly string[] {
  const found: string[] = []
  let stopped: string | undefined
  for (const line of log.split('\n')) {
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined
      continue
    }
    const [, command, token] = /^\s*::([\w-]+)[^:]*(?:::)(.*)$/.exec(line) ?? []
    if (command === 'stop-commands') stopped = token
    else if (command !== undefined) found.push(command)
    else if (line.includes('##[')) found.push('##[')
  }
  return found
}

test('whatever scripts, services and failures say, the runner obeys only our own groups and annotations', async () => {
  const piece = fc.constantFrom(
    '::',
    'error',
    '##[',
    'group]',
    '\n',
    '\r',
    ' ',
    '::stop-commands::token',
    '::token::',
    'x',
    '%0A',
    '\u001b[2K',
  )
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
  await fc.assert(
    fc.asyncProperty(text, text, text, async (title, message, line) => {
      const error = { code: 'failed', title: message, message, at: 'e2e/x.mts:1' } as const
      const ending = { outcome: 'failed', error } as const
      const stream = createStream()
        .scenario(`1 ${title}`, [0, 100], ending)
        .step(`1.1 ${title}!`, [10, 90], ending)
      for (const service of ['script', line])
        stream.at(50, { kind: 'log', service, stream: 'stdout', line }, { scenario: '1', step: '1.1' })
      stream
        .at(60, { kind: 'note', level: 'notice', text: line })
        .at(70, { kind: 'fault', what: message, active: true })
      const log = await tell(wholeRun(stream.events, 1, [message]), {
        style: 'ci',
        verbose: true,
        github: true,
      })
      assert.deepEqual(obeyed(log), ['group', 'endgroup', 'error'])
    }),
  )
})
