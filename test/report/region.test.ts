import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRegion } from '../../src/report/console/region.ts'
import { createConsole } from '../../src/report/console.ts'
import type { Screen } from '../../src/report/screen.ts'
import { eventsOf, LOGS, tell } from './rendering.ts'
import { createTerminal } from './terminal.ts'

function createLiveScreen(
  columns: number,
  rows: number,
): Screen & { others(text: string): void; lines(): readonly string[] } {
  const terminal = createTerminal(columns, rows)
  let listener: ((text: string) => void) | undefined
  return {
    write: terminal.write,
    ...{ isTTY: true, columns, rows, colors: false, unicode: true },
    capture: (told) => {
      listener = told
      return () => {
        listener = undefined
      }
    },
    others: (text) => (listener ?? terminal.write)(text),
    lines: terminal.lines,
  }
}

test('what is drawn is drawn over, what is written stays', () => {
  const screen = createLiveScreen(20, 10)
  const region = createRegion(screen)
  region.draw(['first', 'second'])
  region.write('for good\n')
  region.draw(['only one'])
  region.write('and more\n')
  assert.deepEqual(screen.lines(), ['for good', 'and more', 'only one'])
  region.clear()
  assert.deepEqual(screen.lines(), ['for good', 'and more'])
})

test('lines that are too long for the screen are cut, more lines than it has are left out', () => {
  const screen = createLiveScreen(10, 4)
  const region = createRegion(screen)
  region.draw(['0123456789abcdef', 'two', 'three', 'four'])
  assert.deepEqual(screen.lines(), ['01234567…', 'two'])
  region.clear()
  assert.deepEqual(screen.lines(), [])
})

test('what others write appears above it, when its line is complete', () => {
  const screen = createLiveScreen(30, 10)
  const region = createRegion(screen)
  region.draw(['going on'])
  screen.others('from the scr')
  assert.deepEqual(screen.lines(), ['going on'])
  screen.others('ipt\nand an unfinished')
  assert.deepEqual(screen.lines(), ['from the script', 'going on'])
  region.clear()
  screen.others('direct')
  assert.deepEqual(screen.lines(), ['from the script', 'and an unfinished', 'direct'])
})

test('a terminal that was made narrower has wrapped the region, and all of it goes away', () => {
  const wide = createLiveScreen(40, 10)
  // The terminal wraps what it shows: the same lines, four rows instead of two.
  const screen = { ...wide, columns: 40 }
  const region = createRegion(screen)
  region.draw(['a line of thirty characters!!!', 'another line of thirty chars!!!'])
  const narrow = createTerminal(20, 10)
  for (const line of wide.lines()) narrow.write(`${line}\n`)
  Object.assign(screen, { columns: 20, write: narrow.write })
  region.clear()
  assert.deepEqual(narrow.lines(), [])
})

for (const log of LOGS) {
  test(`of the ${log} run a terminal keeps in the end what a pipe would have shown, but for the waits`, async () => {
    const events = await eventsOf(log)
    const screen = createLiveScreen(200, 400)
    const reporter = createConsole(screen, { style: 'terminal', verbose: false, github: false })
    for (const event of events) reporter.hear(event)
    await reporter.finish()
    const others = events.filter(({ kind }) => kind !== 'wait:progress')
    const piped = await tell(others, { style: 'pipe', verbose: false, github: false, columns: 200 })
    assert.deepEqual(screen.lines(), piped.trimEnd().split('\n'))
  })
}
