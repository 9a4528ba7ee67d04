import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { renderJobSummary } from '../../src/report/job-summary.ts'
import { fence, inline } from '../../src/report/markdown.ts'
import { tell } from '../../src/report/told.ts'
import { createStream, failure, wholeRun } from './stream.ts'

async function summaryOf(events: Iterable<Event>): Promise<string> {
  return renderJobSummary(tell(events))
}

test('text of others is neither Markdown nor HTML', () => {
  assert.equal(
    inline('<b>*x* `y` [z](u) | @me #1\nnext'),
    '&lt;b&gt;&#42;x&#42; &#96;y&#96; &#91;z&#93;(u) &#124; &#64;me &#35;1 next',
  )
  assert.equal(fence('a'), '```text\na\n```\n')
  assert.equal(fence('a\n````\nb'), '`````text\na\n````\nb\n`````\n')
})

test('what failed comes first, complete, with the command that runs it again', async () => {
  const failed = { outcome: 'failed', error: failure('too little', 'e2e/x.mts:9') } as const
  const stream = createStream()
    .scenario("1 a visitor's story", [0, 100], failed)
    .step('1.1 a step', [10, 90], failed)
  const text = await summaryOf(wholeRun(stream.events, 1, ["failed: a visitor's story: too little"]))
  assert.match(text, /^## ❌ shakedown quick: 0 of 1 scenarios passed in 100ms, exit 1\n/)
  assert.ok(text.includes('```text\ntoo little\n  expected  1\n  last      2\n  at        e2e/x.mts:9\n```'))
  assert.ok(text.includes("./system_test.mts --quick --only 'a visitor'\\''s story'"))
  assert.ok(text.indexOf('too little\n') < text.indexOf('| scenario |'))
})

test('it is never larger than GitHub takes, whatever failed, and says that something is missing', async () => {
  const stream = createStream()
  for (let index = 1; index <= 300; index += 1) {
    const error = {
      code: 'failed',
      title: `failure ${index}`,
      message: `failure ${index}\n${'日本語'.repeat(2000)}`,
    } as const
    stream.scenario(`${index} story ${index}`, [index, index + 1], { outcome: 'failed', error })
  }
  const text = await summaryOf(wholeRun(stream.events, 1))
  assert.ok(Buffer.byteLength(text) <= 1024 * 1024)
  assert.ok(Buffer.byteLength(text) > 900 * 1024)
  assert.match(text, /More would not fit here/)
})
