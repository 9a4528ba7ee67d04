import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { readEvents } from '../../src/report/read.ts'
import { rebuildReports } from '../../src/report/rebuild.ts'
import { scenariosOf } from '../../src/report/result.ts'
import { summarize } from '../../src/report/summary.ts'
import { eventsOf } from './rendering.ts'
import { createStream, failure, wholeRun } from './stream.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'join-'))
})
after(() => rm(folder, { recursive: true }))

/** What `cat shard-1.ndjson shard-2.ndjson …` gives. */
async function joinLogs(shards: readonly (readonly Event[])[], cut = 0): Promise<readonly Event[]> {
  const texts = shards.map((events) => events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  const [first = '', ...more] = texts
  const file = join(folder, 'joined.ndjson')
  await writeFile(file, [first.slice(0, first.length - cut), ...more].join(''))
  return Array.fromAsync(readEvents(file))
}

/** The run as machines would have run it that had a part of its scripts each. */
function shard(run: readonly Event[], scripts: readonly string[]): readonly Event[] {
  return run.flatMap((event): readonly Event[] => {
    if (event.kind === 'run:start') return [{ ...event, scripts }]
    if (event.kind === 'run:end') {
      const failed = run.some(
        (one) => one.kind === 'scenario:end' && scripts.includes(one.script) && one.error,
      )
      return [failed ? event : { ...event, exit: 0, causes: [] }]
    }
    const belongs = 'file' in event ? scripts.includes(event.file) : scripts.includes(event.script)
    return belongs || event.kind === 'leak' ? [event] : []
  })
}

/** A report as a set: where things stand in lists follows the order of events, which is another one. */
function linesOf(text: string | undefined): readonly string[] {
  return (text ?? '').split('\n').toSorted()
}

describe('logs of shards, one after the other,', () => {
  test('make the same reports as one run', async () => {
    const run = await eventsOf('parallel')
    const scripts = [
      ...new Set(run.flatMap((event) => (event.kind === 'scenario:start' ? [event.script] : []))),
    ]
    assert.ok(scripts.length > 2)
    const [first = '', ...others] = scripts
    const joined = await joinLogs([shard(run, [first]), shard(run, others)])
    const [whole, merged] = [await rebuildReports(run), await rebuildReports(joined)]
    for (const name of ['junit.xml', 'metrics.prom', 'summary.md'])
      assert.deepEqual(linesOf(merged.get(name)), linesOf(whole.get(name)), name)
    const [before, now] = [whole, merged].map((reports) => JSON.parse(reports.get('ctrf.json') ?? ''))
    assert.deepEqual(now.results.summary, before.results.summary)
    assert.deepEqual(now.results.tests.toSorted(byName), before.results.tests.toSorted(byName))
    assert.deepEqual(now.results.environment, before.results.environment)
  })

  test('have the weightiest exit code, and all causes', () => {
    const of = (exit: number, cause: string) =>
      wholeRun(createStream().scenario('1 x', [0, 9]).events, exit, [cause])
    const result = summarize([...of(4, 'leak: a'), ...of(1, 'failed: b'), ...of(99, 'threshold: c')])
    assert.deepEqual([result.exit, result.causes], [1, ['leak: a', 'failed: b', 'threshold: c']])
    assert.equal(result.finished, true)
    assert.equal(summarize([...of(1, 'failed: b'), ...of(130, 'interrupted: d')]).exit, 130)
    assert.equal(summarize([...of(0, ''), ...of(0, '')]).exit, 0)
  })

  test('tell scenarios of one script apart, although each has counted from 1', async () => {
    const error = failure('too little')
    const one = createStream().scenario('1 red', [0, 50], { outcome: 'failed', error }).step('1.1 a', [1, 40])
    const two = createStream().scenario('1 green', [60, 90]).step('1.1 b', [61, 80])
    const finding = { kind: 'finding', id: 'F-1', title: 'odd', reason: 'why', seen: 'x' } as const
    one.at(45, finding, { scenario: '1' })
    const joined = await joinLogs([wholeRun(one.events, 1), wholeRun(two.events)])
    const result = summarize(joined)
    const told = scenariosOf(result).map(({ title, outcome, steps }) => [
      title,
      outcome,
      steps.map((step) => step.title),
    ])
    assert.deepEqual(told, [
      ['red', 'failed', ['a']],
      ['green', 'passed', ['b']],
    ])
    const junit = (await rebuildReports(joined)).get('junit.xml') ?? ''
    assert.equal(junit.match(/known finding F-1/g)?.length, 1)
  })

  test('may be of one that was killed while it wrote: its last line is left out, and the run did not finish', async () => {
    const one = wholeRun(createStream('a.mts').scenario('1 x', [0, 50]).events)
    const two = wholeRun(createStream('b.mts').scenario('1 y', [0, 50]).events)
    for (const cut of [0, 2, 30]) {
      const joined = await joinLogs([one, two], cut)
      assert.equal(joined.length, one.length + two.length - (cut > 0 ? 1 : 0), `cut by ${cut}`)
      assert.equal(summarize(joined).finished, cut === 0)
    }
  })
})

function byName(one: { name: string; filePath: string }, other: { name: string; filePath: string }): number {
  return `${one.filePath} ${one.name}`.localeCompare(`${other.filePath} ${other.name}`)
}
