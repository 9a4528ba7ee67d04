import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readEvents } from '../../src/report/read.ts'
import { rebuildReports } from '../../src/report/rebuild.ts'
import { summarize } from '../../src/report/summary.ts'
import { createStream, wholeRun } from './stream.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'read-'))
})
after(() => rm(folder, { recursive: true }))

const whole = wholeRun(createStream().scenario('1 a story', [10, 50]).step('1.1 a step', [20, 40]).events)
const text = whole.map((event) => `${JSON.stringify(event)}\n`).join('')

async function read(content: string): Promise<readonly string[]> {
  const file = join(folder, 'events.ndjson')
  await writeFile(file, content)
  return (await Array.fromAsync(readEvents(file))).map(({ kind }) => kind)
}

test('a log is read event by event', async () => {
  assert.deepEqual(
    await read(text),
    whole.map(({ kind }) => kind),
  )
  assert.deepEqual(await read(''), [])
  assert.deepEqual(
    await read(`\n${text.trimEnd()}`),
    whole.map(({ kind }) => kind),
  )
})

test('wherever a log was cut off, what is whole is read', async () => {
  const bytes = Buffer.from(text)
  for (let length = 0; length <= bytes.length; length += 7) {
    const lines = bytes.subarray(0, length).toString().split('\n')
    const isWhole = (line: string) => whole.some((event) => JSON.stringify(event) === line)
    const kinds = await read(bytes.subarray(0, length).toString())
    assert.equal(kinds.length, lines.filter(isWhole).length)
  }
})

test('a line that is no event, and not the last one, is named', async () => {
  const lines = text.trimEnd().split('\n')
  for (const bad of ['{"time":1', 'null', '{"time":"now","script":"","kind":"note"}', '[]']) {
    const broken = [...lines.slice(0, 2), bad, ...lines.slice(2)].join('\n')
    await assert.rejects(read(broken), {
      name: 'UsageError',
      message: /^not an event: line 3 of .*events\.ndjson\n.*\n {2}last +.{4}/,
    })
  }
})

test('an event of a later version is passed on', async () => {
  assert.deepEqual(await read('{"time":1,"script":"","kind":"from:later"}\n'), ['from:later'])
})

test('every report can be made of every beginning of a log', async () => {
  for (let length = 0; length <= whole.length; length += 1) {
    const events = whole.slice(0, length)
    const reports = await rebuildReports(events)
    assert.deepEqual([...reports.keys()], ['junit.xml', 'ctrf.json', 'metrics.prom', 'summary.md'])
    assert.equal(summarize(events).finished, length === whole.length)
  }
})
