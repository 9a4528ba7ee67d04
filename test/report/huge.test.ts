import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { createReporter } from '../../src/report/choose.ts'
import { rebuildReports } from '../../src/report/rebuild.ts'
import { checkReports } from './artefacts.ts'
import { createPaper } from './rendering.ts'
import { createStream, failure, wholeRun } from './stream.ts'

const [SCENARIOS, STEPS, LINES] = [40, 50, 50_000]

/** Two thousand steps, half of them failed, and a service that does not stop talking. */
function createHugeRun(): readonly Event[] {
  const stream = createStream()
  const long = 'very '.repeat(400)
  for (let index = 1; index <= SCENARIOS; index += 1) {
    const [from, to] = [index * 1000, index * 1000 + 999]
    const failed = { outcome: 'failed', error: failure(`failure ${index}`, `e2e/x.mts:${index}`) } as const
    stream.scenario(`${index} story ${index}`, [from, to], failed)
    for (let step = 1; step <= STEPS; step += 1) {
      const error = failure(`${index}.${step} is ${long} wrong`, `e2e/x.mts:${index}`)
      const ending = step % 2 === 0 ? ({ outcome: 'failed', error } as const) : {}
      stream.step(`${index}.${step} step ${step} ${long}`, [from + step * 10, from + step * 10 + 9], ending)
    }
  }
  for (let line = 0; line < LINES; line += 1)
    stream.at(line, { kind: 'log', service: 'shop', stream: 'stdout', line: `line ${line}` })
  return wholeRun(stream.events, 1, ['failed: a lot'])
}

test('a huge run has every report, within the limits of those who read them', async () => {
  const run = createHugeRun()
  const reports = await rebuildReports(run)
  checkReports((name) => reports.get(name) ?? '')
  const paper = createPaper()
  const github = createReporter(paper, { name: 'github', verbose: false, isCi: true, isGithub: true })
  for (const event of run) github.hear(event)
  await github.finish()
  assert.equal(paper.text().match(/^::(error|warning|notice) /gm)?.length, 10, 'GitHub shows ten of a kind')
})
