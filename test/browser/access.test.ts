import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { HistoryEntry } from '../../src/report/history.ts'
import { toHistoryEntry } from '../../src/report/history.ts'
import { summarize } from '../../src/report/summary.ts'
import { eventsOf } from '../report/rendering.ts'
import { type Chromium, needsChromium, startChromium } from './chromium.ts'

let chromium: Chromium
let axe = ''

before(async () => {
  if (needsChromium.skip !== false) return
  chromium = await startChromium()
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
})

after(() => chromium?.[Symbol.asyncDispose]())

for (const colorScheme of ['light', 'dark'] as const) {
  for (const log of ['passing', 'failing', 'interrupted', 'parallel'] as const) {
    test(`axe finds nothing in the page of the ${log} run in ${colorScheme}`, needsChromium, async () => {
      const events = await eventsOf(log)
      const history = [earlier(toHistoryEntry(summarize(events)))]
      await using report = await chromium.open(events, { context: { colorScheme }, page: { history } })
      const { page } = report
      assert.deepEqual(await violationsIn(page), [])
      await page.locator('[role=treeitem]').nth(1).click()
      await page.locator('#scope').selectOption('run')
      await page.evaluate('for (const folded of document.querySelectorAll("details")) folded.open = true')
      assert.deepEqual(await violationsIn(page), [])
    })
  }
}

test('the button changes the theme, and what is drawn with it', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('passing'), { context: { colorScheme: 'light' } })
  const { page } = report
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const light = await ground()
  await page.locator('#theme').click()
  assert.notEqual(await ground(), light)
  await page.locator('#theme').click()
  assert.equal(await ground(), light)
})

test('everything is reached with the keyboard, in the order in which it is read', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('failing'))
  const { page } = report
  const reached: string[] = []
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press('Tab')
    const where = await page.evaluate(
      '(document.activeElement.id || document.activeElement.getAttribute("role") || document.activeElement.textContent).slice(0, 20)',
    )
    reached.push(String(where))
  }
  const wanted = [
    'Timeline',
    'theme',
    'copy',
    'zoom-out',
    'lanes',
    'step-search',
    'treeitem',
    'detail',
    'log-search',
    'level',
    'lines',
  ]
  const order = wanted.map((name) => reached.indexOf(name))
  assert.ok(
    order.every((at) => at >= 0),
    `${reached.join(' | ')}`,
  )
  assert.deepEqual(
    order,
    order.toSorted((one, other) => one - other),
  )
})

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** What axe finds, in words. */
async function violationsIn(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate<{ readonly violations: readonly Violation[] }>('axe.run(document)')
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

/** A run before, in which everything was different. */
function earlier(entry: HistoryEntry): HistoryEntry {
  const tests = Object.entries(entry.tests).map(([name, one]) => [
    name,
    {
      ...one,
      outcome: one.outcome === 'passed' ? 'failed' : 'passed',
      milliseconds: one.milliseconds * 9 + 9000,
    },
  ])
  return {
    ...entry,
    run: 'earlier',
    began: entry.began - 60_000,
    exit: 1,
    tests: Object.fromEntries(tests),
    findings: ['F0'],
  }
}
