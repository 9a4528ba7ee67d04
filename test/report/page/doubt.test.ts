import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventOf, Happening } from '../../../src/event.ts'
import { renderJobSummary } from '../../../src/report/job-summary.ts'
import { tell } from '../../../src/report/told.ts'
import { renderReport } from '../../browser/chromium.ts'
import { createStream, wholeRun } from '../stream.ts'

const ended: Happening & Pick<EventOf<'doubt:end'>, 'kind'> = {
  kind: 'doubt:end',
  ...{ depth: 'one', noticed: 3, unnoticed: 1, score: 75, seconds: 4 },
  open: [
    {
      ...{ outcome: 'unnoticed', reading: 'shop_memory_bytes', words: 'is zero', at: 'e2e/x.mts:16' },
      ...{ claim: 'toBe at most <10000>', seen: '5000', by: '' },
    },
  ],
  spared: [
    { at: 'e2e/x.mts:17', what: 'shop_debts', claim: 'toBe at most 10', reason: 'it has none today' },
    { at: 'e2e/x.mts:18', what: 'the value 9', claim: 'toBe 9' },
  ],
}
const stream = () => createStream().scenario('1 a story', [0, 100])

test('what nothing noticed is told first, then what nobody asked about', async () => {
  const page = await renderReport(wholeRun(stream().at(200, ended).events))
  const section = /<section id="doubt"[\s\S]*?<\/section>/.exec(page)?.[0] ?? ''
  const text = section
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  assert.equal(
    text,
    [
      'Doubt 3 of 4 falsified readings were noticed, 75 %. It took 4.0s.',
      'outcome if where claim',
      'nothing notices shop_memory_bytes is zero e2e/x.mts:16 toBe at most &#60;10000&#62;; it was 5000',
      '2 claims were not doubted claim where why',
      'shop_debts toBe at most 10 e2e/x.mts:17 trusted: it has none today',
      'the value 9 toBe 9 e2e/x.mts:18 no reading in it could be falsified',
    ].join(' '),
  )
  assert.match(page, /<a href="#doubt">Doubt<\/a>/)
})

test('a run that nobody doubted says nothing of it', async () => {
  const events = wholeRun(stream().events)
  const texts = [await renderReport(events), renderJobSummary(tell(events))]
  for (const text of texts) assert.doesNotMatch(text, /id="doubt"|#doubt|falsified/)
})

test('the summary of the job has the score and what was not noticed', () => {
  const summary = renderJobSummary(tell(wholeRun(stream().at(200, ended).events)))
  assert.match(summary, /\*\*3 of 4 falsified readings noticed, 75 %\*\*/)
  assert.match(summary, /\| unnoticed \| shop&#95;memory&#95;bytes is zero \| e2e\/x\.mts:16 \|/)
})
