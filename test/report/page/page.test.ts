import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Event } from '../../../src/event.ts'
import { readAssets } from '../../../src/report/page/assets.ts'
import { renderReport } from '../../browser/chromium.ts'
import { eventsOf, LOGS } from '../rendering.ts'
import { createStream, wholeRun } from '../stream.ts'
import { modelIn } from './reading.ts'

for (const log of LOGS) {
  test(`the page of the ${log} run needs nothing but itself`, async () => {
    const text = await renderReport(await eventsOf(log))
    const markup = text.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
    assert.doesNotMatch(markup, /\b(src|srcset)=|href="(?!#)|<link|<iframe|<object|url\(/)
    assert.match(
      text,
      /Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-/,
    )
  })
}

test('the model has every step, claim and line of the run', async () => {
  const events = await eventsOf('parallel')
  const model = modelIn(await renderReport(events))
  const count = (kind: Event['kind']) => events.filter((event) => event.kind === kind).length
  assert.equal(model.parts.length, count('scenario:start') + count('step:start'))
  assert.equal(model.claims.length, count('claim'))
  assert.equal(model.logs.text.length, count('log'))
  assert.equal(model.lives.length, count('service:starting'))
  assert.deepEqual(model.omitted, [])
})

test('a page is never larger than it may be: lines are left out, the last ones stay', async () => {
  const most = 400_000
  const text = await renderReport(noisy(20_000), { most })
  assert.ok(text.length <= most, `${text.length} bytes`)
  const { logs } = modelIn(text)
  assert.match(logs.text[0] ?? '', /^\d\d?,\d{3} lines are left out here/)
  assert.equal(logs.stream[0], 2)
  assert.match(logs.text.at(-1) ?? '', /^line 19999 /)
})

test('what is larger than a page may be is linked: the files of the services', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'page-'))
  try {
    const { mkdir, writeFile } = await import('node:fs/promises')
    await mkdir(join(folder, 'logs', 'x'), { recursive: true })
    await writeFile(join(folder, 'logs', 'x', 'app.log'), '')
    const { logs } = modelIn(await renderReport(noisy(3), { folder }))
    assert.deepEqual(logs.sources, [{ script: 0, service: 'app', total: 3, file: 'logs/x/app.log' }])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the program of the page is bundled from its sources, and small', async () => {
  const { script, style } = await readAssets()
  assert.ok(script.length > 20_000 && script.length < 200_000, `${script.length} bytes`)
  assert.match(style, /--ground/)
  assert.match(script, /Leon Sorokin/)
})

function noisy(lines: number): readonly Event[] {
  const stream = createStream()
  stream.scenario('1 a scenario', [0, lines + 10])
  for (let index = 0; index < lines; index += 1) {
    const noise = Math.sin(index * 12.9898)
      .toString(36)
      .repeat(3)
    stream.at(index, { kind: 'log', service: 'app', stream: 'stdout', line: `line ${index} ${noise}` })
  }
  return wholeRun(stream.events)
}
