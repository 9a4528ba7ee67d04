import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { eventsOf, LOGS, tell, WAYS } from './rendering.ts'
import { createStream, failure, wholeRun } from './stream.ts'

const PIPE = { style: 'pipe', verbose: false, github: false } as const

test('a failure is told complete exactly once, in every way of telling', async () => {
  const failed = { outcome: 'failed', error: failure('too little', 'e2e/x.mts:9') } as const
  const stream = createStream()
    .scenario('1 a story', [0, 100], failed)
    .step('1.1 outer', [10, 90], failed)
    .step('1.1.1 inner', [20, 80], failed)
  for (const [name, way] of Object.entries(WAYS)) {
    const text = await tell(wholeRun(stream.events, 1), {
      ...way,
      colors: false,
      verbose: false,
      github: name === 'github',
    })
    const told = text.split('\n').filter((line) => line.trim() === 'expected  1')
    assert.equal(told.length, 1, name)
    assert.equal(text.split('\n').filter((line) => /^ +at +e2e\/x\.mts:9$/.test(line)).length, 1, name)
    assert.doesNotMatch(text, /\n\n\n/, name)
  }
})

test('nothing but our own colours leads a terminal, and without colours nothing at all', async () => {
  for (const log of LOGS) {
    const events = await eventsOf(log)
    for (const way of Object.values(WAYS)) {
      const text = await tell(events, way)
      const own = way.colors === true && way.style !== 'ci' ? text.replace(/\p{Cc}\[\d+m/gu, '') : text
      assert.doesNotMatch(own, /[\p{Cc}--\n]/v, `${log} ${JSON.stringify(way)}`)
    }
  }
})

test('there is never more than one blank line', async () => {
  const failed = { outcome: 'failed', error: failure('too little') } as const
  const stream = createStream().scenario('1 a story', [0, 100], failed)
  stream.at(100, { kind: 'teardown:error', what: 'web', error: failure('would not stop') })
  for (const style of ['pipe', 'ci', 'terminal'] as const) {
    assert.doesNotMatch(await tell(wholeRun(stream.events, 1), { ...PIPE, style }), /\n\n\n/)
  }
})

test('our own words and signs are ASCII where there is no Unicode', async () => {
  for (const log of ['passing', 'interrupted', 'abrupt']) {
    const text = await tell(await eventsOf(log), { ...PIPE, unicode: false, verbose: true })
    assert.match(text, /^[\n\u0020-\u007e]*$/)
  }
})

test('of one script no line has a prefix, of several every line has its script', async () => {
  const [one, other] = [
    createStream('e2e/redis.mts').scenario('1 a', [0, 10]),
    createStream('e2e/files.mts').scenario('1 b', [5, 15]),
  ]
  assert.match(await tell(wholeRun(one.events), PIPE), /\n▸ a\n/)
  const both = await tell(
    wholeRun([...one.events, ...other.events].toSorted((x, y) => x.time - y.time)),
    PIPE,
  )
  assert.match(both, /\nredis {2}▸ a\nfiles {2}▸ b\nredis {2}✓ a .*\nfiles {2}✓ b /)
})

test('scenarios of one script that run side by side have numbers, from the second one on until all have ended', async () => {
  const stream = createStream()
    .scenario('1 first', [0, 50])
    .scenario('2 second', [10, 70])
    .step('1.1 a step', [20, 30])
    .step('2.1 a step', [20, 40])
    .scenario('3 third', [80, 90])
  const text = await tell(wholeRun(stream.events), PIPE)
  const numbers = [...text.matchAll(/^(\d?) *([▸✓] .*?)(?: {2}.*)?$/gm)].map(([, number, title]) =>
    `${number} ${title}`.trim(),
  )
  assert.deepEqual(numbers, [
    '▸ first',
    '2 ▸ second',
    '1 ✓ a step',
    '2 ✓ a step',
    '1 ✓ first',
    '2 ✓ second',
    '▸ third',
    '✓ third',
    '✓ passed',
  ])
})

test('a step has its line at its end, unless something in it has to be shown before', async () => {
  const where = { scenario: '1', step: '1.1' }
  const stream = createStream().scenario('1 a story', [0, 100]).step('1.1 a step', [10, 90])
  const quiet = stream.at(50, { kind: 'service:signal', service: 'web', signal: 'SIGHUP' }, where)
  assert.match(
    await tell(wholeRun(quiet.events), PIPE),
    /\n▸ a story\n {2}✓ a step {2}80ms\n {4}↯ SIGHUP to web\n✓ a story/,
  )
  const waiting = quiet.at(60, { kind: 'wait:progress', what: 'x: 1', milliseconds: 5000, last: '0' }, where)
  assert.match(
    await tell(wholeRun(waiting.events), PIPE),
    /\n {2}▸ a step\n {4}↯ SIGHUP to web\n {4}… waits 5\.0s for x: 1, last saw 0\n {2}✓ a step/,
  )
})

test('claims, requests, commands and logs are for those who ask for everything', async () => {
  const events = await eventsOf('passing')
  const [quiet, verbose] = [await tell(events, PIPE), await tell(events, { ...PIPE, verbose: true })]
  for (const part of ['shop is open', 'GET http', 'toBe at least 1', 'is told to stop']) {
    assert.ok(!quiet.includes(part), part)
    assert.ok(verbose.includes(part), part)
  }
})

test('what a script prints itself is always shown', async () => {
  const stream = createStream().scenario('1 a story', [0, 100])
  stream.at(50, { kind: 'log', service: 'script', stream: 'stdout', line: 'hello' }, { scenario: '1' })
  assert.match(await tell(wholeRun(stream.events), PIPE), /\n {2}│ hello\n/)
})

test('an error without a log gets the last lines since its step began, one with a log keeps its own', async () => {
  const log = (time: number, line: string) =>
    createStream().at(time, { kind: 'log', service: 'web', stream: 'stderr', line }, { scenario: '1' }).events
  const tellWith = async (message: string) => {
    const failed = {
      outcome: 'failed',
      error: { code: 'failed', title: 'bad', message, at: 'e2e/x.mts:9' },
    } as const
    const stream = createStream().scenario('1 a story', [0, 100], failed).step('1.1 a step', [50, 90], failed)
    const events = [...stream.events, ...log(20, 'before'), ...log(60, 'during')].toSorted(
      (x, y) => x.time - y.time,
    )
    return tell(wholeRun(events, 1), PIPE)
  }
  assert.match(
    await tellWith('bad\n  hint      look'),
    /bad\n {6}at {8}e2e\/x\.mts:9\n {6}hint {6}look\n {6}log {7}web \| during\n\n/,
  )
  assert.match(await tellWith('bad\n  log       web | its own'), /log {7}web \| its own\n\n/)
})

test('every cause of the exit code is told, those of failures above not once more', async () => {
  const failed = { outcome: 'failed', error: failure('too little') } as const
  const stream = createStream().scenario('1 a story', [0, 100], failed)
  const causes = ['failed: a story: too little', 'threshold: p95 < 5ms', 'leak: left behind: process 7']
  const text = await tell(wholeRun(stream.events, 1, causes), PIPE)
  assert.match(text, /\n because {5}threshold: p95 < 5ms\n {13}leak: left behind: process 7\n/)
  assert.equal(text.split('failed: a story').length, 1)
})

test('a run is told again from any beginning of its log', async () => {
  const events = await eventsOf('parallel')
  for (let length = 1; length < events.length; length += 5) {
    assert.match(await tell(events.slice(0, length), PIPE), /the run ended abruptly/)
  }
  assert.equal(await tell([], PIPE), '')
})

test('whatever happens in whatever order, it is told', async () => {
  const [passing, failing, hostile] = await Promise.all(['passing', 'failing', 'hostile'].map(eventsOf))
  const all = [...(passing ?? []), ...(failing ?? []), ...(hostile ?? [])]
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(all, { maxLength: 40 }), async (events) => {
      for (const way of Object.values(WAYS)) await tell(events, way)
    }),
    { numRuns: 50 },
  )
})
