import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { criticalChain } from '../../src/report/critical.ts'
import { summarize } from '../../src/report/summary.ts'
import { createStream, type Stream, wholeRun } from './stream.ts'

function chainOf(stream: Stream): readonly string[] {
  const result = summarize(wholeRun(stream.events))
  const chain = criticalChain(result)
  return (chain?.links ?? []).map(({ kind, what, began, ended }) => `${ended - began} ${kind} ${what}`)
}

function boot(stream: Stream, service: string, [from, to]: readonly [number, number]): Stream {
  const where = { scenario: '1' }
  stream.at(from, { kind: 'service:starting', service, driver: 'process', command: [], after: [] }, where)
  return stream.at(
    to,
    { kind: 'service:ready', service, milliseconds: to - from, endpoints: {}, looks: 1 },
    where,
  )
}

test('of what boots side by side the last one is the link, and before it what it waited for', () => {
  const stream = createStream().scenario('1 a story', [0, 1000])
  boot(stream, 'redis', [10, 100])
  boot(stream, 'gunicorn', [100, 600])
  boot(stream, 'nginx', [20, 300])
  stream.step('1.1 a step', [600, 1000])
  assert.deepEqual(chainOf(stream), [
    '10 between a story: between its steps',
    '90 boot redis',
    '500 boot gunicorn',
    '400 step a step',
  ])
})

test('inside of a step its waits and loads are the links, and its own time the rest', () => {
  const claim = {
    kind: 'claim',
    what: 'x',
    matcher: 'toBe',
    expected: '1',
    last: '1',
    met: true,
    milliseconds: 300,
  } as const
  const stream = createStream()
    .scenario('1 a story', [0, 1000])
    .step('1.1 outer', [0, 1000])
    .step('1.1.1 inner', [500, 900])
  stream.at(850, claim, { scenario: '1', step: '1.1.1' })
  assert.deepEqual(chainOf(stream), [
    '500 step outer',
    '50 step inner',
    '300 wait x: 1',
    '50 step inner',
    '100 step outer',
  ])
})

test('the script that ended last has the chain', () => {
  const short = createStream('e2e/short.mts').scenario('1 short', [0, 300])
  const long = createStream('e2e/long.mts').scenario('1 long', [0, 900]).step('1.1 all of it', [0, 900])
  const result = summarize(wholeRun([...short.events, ...long.events]))
  assert.equal(criticalChain(result)?.script, 'e2e/long.mts')
  assert.deepEqual(
    criticalChain(result)?.links.map(({ what }) => what),
    ['all of it'],
  )
})

test('a run without scripts has none', () => {
  assert.equal(criticalChain(summarize(wholeRun([]))), undefined)
})

test('whatever happened when, the links follow each other without gaps and are as long as the run', () => {
  const interval = fc
    .tuple(fc.nat(1000), fc.nat(1000))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  fc.assert(
    fc.property(
      fc.array(interval, { maxLength: 6 }),
      fc.array(interval, { maxLength: 6 }),
      (steps, boots) => {
        const stream = createStream().scenario('1 a story', [0, 1000])
        for (const [index, [from, to]] of steps.entries())
          stream.step(`1.${index + 1} step ${index}`, [from, to])
        for (const [index, [from, to]] of boots.entries()) boot(stream, `service-${index}`, [from, to])
        const result = summarize(wholeRun(stream.events))
        const links = criticalChain(result)?.links ?? []
        for (const [index, link] of links.entries())
          assert.equal(link.began, links[index - 1]?.ended ?? result.began)
        assert.equal(links.at(-1)?.ended, result.began + result.seconds * 1000)
      },
    ),
  )
})
