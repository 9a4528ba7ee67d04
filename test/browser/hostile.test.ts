import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { createStream, failure, wholeRun } from '../report/stream.ts'
import { type Chromium, needsChromium, renderReport, startChromium } from './chromium.ts'

let chromium: Chromium

before(async () => {
  if (needsChromium.skip === false) chromium = await startChromium()
})

after(() => chromium?.[Symbol.asyncDispose]())

const ATTACKS: readonly string[] = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '--></style><svg onload=alert(3)>',
  "';alert(4)//",
  '${alert(5)}',
  '<a href="javascript:alert(6)">here</a>',
  '::error file=app.js,line=1::forged',
  '##[error]forged',
  '\u001b]8;;http://127.0.0.1:1/\u0007click\u001b]8;;\u0007',
  '\u202egnp.exe',
  '<!--<script>',
]

/** Every text of a run that others can write, as an attack. */
function attackedBy(attack: string): readonly Event[] {
  const where = { scenario: '1', step: '1.1' }
  const stream = createStream()
    .scenario(`1 ${attack}`, [0, 100], { outcome: 'failed', error: failure(attack) })
    .step(`1.1 ${attack}`, [10, 90], { outcome: 'failed', error: failure(attack), proves: [attack] })
    .at(1, { kind: 'service:starting', service: attack, driver: attack, command: [attack], after: [] })
    .at(2, { kind: 'service:started', service: attack, pid: 1, endpoints: { [attack]: attack } })
    .at(3, {
      kind: 'service:ready',
      service: attack,
      milliseconds: 2,
      endpoints: {},
      version: attack,
      looks: 1,
    })
    .at(20, { kind: 'log', service: attack, stream: 'stderr', line: `a line with ${attack} in it` }, where)
    .at(30, { kind: 'exchange', method: 'GET', url: attack, error: attack, milliseconds: 3 }, where)
    .at(40, { kind: 'skip', what: attack, reason: attack, proves: [attack] }, where)
    .at(41, { kind: 'finding', id: attack, title: attack, reason: attack, seen: attack }, where)
    .at(42, { kind: 'leak', what: attack, detail: attack, ended: true }, where)
    .at(43, { kind: 'note', level: 'notice', text: attack }, where)
    .at(
      80,
      {
        ...{ kind: 'claim', what: attack, matcher: 'toBe', expected: attack, last: attack, met: false },
        ...{ looks: [{ at: 1, saw: attack, failed: true }], count: 2, milliseconds: 40 },
      },
      where,
    )
  return wholeRun(stream.events, 1, [attack])
}

for (const attack of ATTACKS) {
  test(`shown and never obeyed: ${JSON.stringify(attack)}`, needsChromium, async () => {
    await using report = await chromium.open(attackedBy(attack))
    const { page } = report
    await page.locator('.bar.step').first().hover()
    await page.locator('#scope').selectOption('run')
    await page.locator('.line').first().click()
    await page.locator('#source-count').click()
    assert.deepEqual(report.complaints, [])
    assert.equal(await page.locator('script').count(), 2)
    assert.equal(await page.locator('img, svg:not(.density), a[href^=javascript]').count(), 0)
    const shown = await page.locator('.line').first().innerText()
    const words = attack.replace(/[^ -~]/g, '')
    assert.ok(shown.includes(words.slice(0, 5)), `the line is there as text: ${shown}`)
  })
}

test('no text of others stands in the page as it is, but for what is escaped', async () => {
  for (const attack of ATTACKS.filter((one) => one.includes('<'))) {
    const text = await renderReport(attackedBy(attack))
    assert.equal(text.includes(attack), false, attack)
  }
})

test('a program that gets into the page all the same may not run', needsChromium, async () => {
  await using report = await chromium.open(attackedBy('x'))
  await report.page.evaluate(
    "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))",
  )
  await report.page.evaluate(
    "document.body.insertAdjacentHTML('beforeend', '<img src=http://127.0.0.1:1/x onerror=window.ran=true>')",
  )
  assert.equal(await report.page.evaluate('window.ran'), undefined)
  assert.ok(report.complaints.some((text) => text.includes('Content Security Policy')))
})
