import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { eventsOf } from '../report/rendering.ts'
import { type Chromium, needsChromium, startChromium, until, untilCount } from './chromium.ts'

let chromium: Chromium

before(async () => {
  if (needsChromium.skip === false) chromium = await startChromium()
})

after(() => chromium?.[Symbol.asyncDispose]())

for (const log of ['passing', 'failing', 'interrupted', 'abrupt', 'parallel', 'hostile'] as const) {
  test(
    `the page of the ${log} run opens from disk, complains about nothing and asks nobody`,
    needsChromium,
    async () => {
      await using report = await chromium.open(await eventsOf(log))
      assert.deepEqual(report.complaints, [])
      assert.match(await report.page.title(), /^(Passed|Failed|Interrupted|Ended abruptly): /)
      await untilCount(report, '#lanes .bar', (bars) => bars > 0)
    },
  )
}

test(
  'the failure, its line in the script and the command are seen without scrolling',
  needsChromium,
  async () => {
    await using report = await chromium.open(await eventsOf('failing'))
    const failure = report.page.locator('.failure').first()
    for (const part of ['.error', '.code-line.here', '.again code']) {
      const box = await failure.locator(part).boundingBox()
      assert.ok(
        box !== null && box.y >= 0 && box.y + box.height <= 720,
        `${part} is at ${JSON.stringify(box)}`,
      )
    }
    assert.match(
      await failure.locator('.error').innerText(),
      /expected {2}to rise by 2\n {2}last {6}rose by 1/,
    )
    assert.match(await failure.locator('.code-line.here').innerText(), /await expect\(counted\)\.toBe\(2/)
  },
)

test(
  'a step that failed is chosen at first, and a click on another one chooses that',
  needsChromium,
  async () => {
    await using report = await chromium.open(await eventsOf('failing'))
    const { page } = report
    const chosen = page.locator('[role=treeitem][aria-selected=true]')
    assert.match(await chosen.textContent().then(String), /both of them/)
    await page.locator('[role=treeitem]', { hasText: 'it does not survive' }).click()
    assert.match(await chosen.textContent().then(String), /it does not survive/)
    assert.match(await page.locator('#detail h3').innerText(), /it does not survive/)
    assert.match(new URL(page.url()).hash, /^#step=failing%3A2\.1$/)
  },
)

test(
  'a click on a step lists the lines of its time, and the whole run can be listed',
  needsChromium,
  async () => {
    await using report = await chromium.open(await eventsOf('failing'), { hash: '#step=failing:2.1' })
    const { page } = report
    const text = () => page.locator('#lines').innerText()
    assert.match(await text(), /the shop is on fire/)
    assert.doesNotMatch(await text(), /shop is open/)
    await page.locator('#scope').selectOption('run')
    assert.match(await text(), /shop is open/)
    assert.match(await page.locator('#line-count').innerText(), /^\d+ lines$/)
  },
)

test('lines are searched by text and by pattern, and by service', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('failing'))
  const { page } = report
  await page.locator('#scope').selectOption('run')
  await page.locator('#log-search').fill('on FIRE')
  await untilCount(report, '.line', 1)
  assert.equal(await page.locator('.line mark').innerText(), 'on fire')
  await page.locator('#log-search').fill('/^shop is (open|shut)$/')
  await untilCount(report, '.line', (lines) => lines >= 2)
  await page.locator('#source-count').click()
  await page.locator('#sources-none').click()
  await untilCount(report, '.line', 0)
  assert.equal(await page.locator('#no-line').isVisible(), true)
})

test('a link to a step opens it, with what was searched for', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('parallel'), { hash: '#step=files:1.1&q=starting' })
  const { page } = report
  const key = await page.locator('[role=treeitem][aria-selected=true]').getAttribute('data-part')
  assert.notEqual(key, null)
  assert.equal(await page.locator('#log-search').inputValue(), 'starting')
  assert.match(await page.locator('#detail .permalink').getAttribute('href').then(String), /files%3A1\.1$/)
})

test('the timeline zooms with keys and by dragging, and shows all again', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('failing'))
  const { page } = report
  const ticks = async () => (await page.locator('.axis i').allTextContents()).join()
  await until(ticks, (text) => text !== '')
  const whole = await ticks()
  await page.locator('#lanes').focus()
  await page.keyboard.press('+')
  await until(ticks, (text) => text !== whole)
  await page.keyboard.press('0')
  await until(ticks, (text) => text === whole)
  const track = await page.locator('.track').first().boundingBox()
  assert.ok(track)
  await page.mouse.move(track.x + 300, track.y + 10)
  await page.mouse.down()
  await page.mouse.move(track.x + 500, track.y + 10)
  await page.mouse.up()
  await until(ticks, (text) => text !== whole)
})

test('what the pointer is on is told', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('failing'))
  await report.page.locator('.bar.life-up').first().hover()
  assert.match(await report.page.locator('#tip').innerText(), /^shop\nup for /)
})

test('arrows go from step to step, / searches, f finds the next failure', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('failing'), { hash: '#step=failing:1' })
  const { page } = report
  const chosen = page.locator('[role=treeitem][aria-selected=true]')
  await chosen.focus()
  await page.keyboard.press('ArrowDown')
  assert.match(await chosen.textContent().then(String), /two visits are counted/)
  await page.keyboard.press('f')
  assert.match(await chosen.textContent().then(String), /both of them/)
  await page.keyboard.press('/')
  assert.equal(await page.evaluate('document.activeElement.id'), 'log-search')
})

test('a value that changed is plotted', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('passing'), { hash: '#step=passing:1.1' })
  await untilCount(report, '#detail .uplot canvas', 1)
})

test('without JavaScript verdict, failure and requirements are there', needsChromium, async () => {
  await using report = await chromium.open(await eventsOf('failing'), {
    context: { javaScriptEnabled: false },
  })
  const text = await report.page.locator('body').innerText()
  assert.match(text, /Failed 3 of 3 scenarios/)
  assert.match(text, /metric did not rise: shop_visits_total summed/)
  assert.match(text, /SHOP-6/)
})
