import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Chromium, needsChromium, type OpenReport, startChromium, untilCount } from './chromium.ts'
import { hugeRun } from './huge.ts'

let chromium: Chromium
let report: OpenReport

before(async () => {
  if (needsChromium.skip !== false) return
  chromium = await startChromium()
  report = await chromium.open(hugeRun({ services: 50, steps: 600, lines: 100_000 }))
})

after(async () => {
  await report?.[Symbol.asyncDispose]()
  await chromium?.[Symbol.asyncDispose]()
})

const elements = () => report.page.evaluate('document.querySelectorAll("*").length').then(Number)

test('100,000 lines, 50 services and 600 steps open, with every line in it', needsChromium, async () => {
  assert.deepEqual(report.complaints, [])
  await report.page.locator('#scope').selectOption('run')
  assert.equal(await report.page.locator('#line-count').innerText(), '100,000 lines')
  await untilCount(report, '.lane-service', 50)
})

test('lines scroll to the end, and only those on the screen exist', needsChromium, async () => {
  const { page } = report
  const lines = page.locator('#lines')
  const before = await elements()
  for (const part of [0.1, 0.35, 0.8, 0.999]) {
    await lines.evaluate((box, at) => box.scrollTo({ top: box.scrollHeight * at }), part)
    await page
      .locator('.line', { hasText: `request ${Math.floor(part * 100)}` })
      .first()
      .waitFor()
    assert.ok((await page.locator('.line').count()) < 120)
  }
  await lines.evaluate((box) => box.scrollTo({ top: box.scrollHeight }))
  await page.locator('.line', { hasText: 'request 99999 ' }).waitFor()
  assert.ok((await elements()) < before + 600, 'the page did not grow')
})

test('a search looks at all of them, and so does a level', needsChromium, async () => {
  const { page } = report
  await page.locator('#log-search').fill('request 77777 ')
  await page.locator('.line', { hasText: 'request 77777 ' }).waitFor()
  assert.equal(await page.locator('#line-count').innerText(), '1 of 100,000 lines')
  await page.locator('#log-search').fill('')
  await page.locator('#level').selectOption('error')
  assert.equal(await page.locator('#line-count').innerText(), '101 of 100,000 lines')
  await page.locator('#level').selectOption('')
})

test('a step of many lists its own lines', needsChromium, async () => {
  const { page } = report
  await page.locator('#step-search').fill('step 300 of')
  await page.locator('[role=treeitem]', { hasText: 'step 300 of many' }).click()
  assert.match(await page.locator('#line-count').innerText(), /^16\d of 100,000 lines$/)
})

test('the timeline draws no more than can be seen', needsChromium, async () => {
  await untilCount(report, '.bar', (bars) => bars > 100 && bars < 4000)
})
