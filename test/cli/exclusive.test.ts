import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { startScript, story } from './script.ts'

// What only one scenario of a machine may use at a time, among real runs side by side.

const folder = mkdtempSync(join(tmpdir(), 'shakedown-exclusive-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Two runs share locks by their state folder. */
function start(state: string, env: Readonly<Record<string, string>> = {}) {
  const args = ['run', story('wants_the_gpu')]
  return startScript('src/cli/main.mts', { args, env: { SHAKEDOWN_STATE: join(folder, state), ...env } })
}

function timesOf(events: readonly Event[]): readonly (readonly [began: number, ended: number])[] {
  const ends = events.filter((event) => event.kind === 'scenario:end')
  return ends.map(({ id, time }) => {
    const began = events.find((event) => event.kind === 'scenario:start' && event.id === id)
    return [began?.time ?? Number.NaN, time]
  })
}

describe('exclusive', { concurrency: 2 }, () => {
  test('scenarios of one run and of two never overlap', async () => {
    const runs = await Promise.all([start('shared').ended, start('shared').ended])
    assert.deepEqual(
      runs.map(({ code }) => code),
      [0, 0],
    )
    const times = runs.flatMap(({ events }) => timesOf(events)).toSorted(([one], [other]) => one - other)
    assert.equal(times.length, 4)
    for (const [index, [began]] of times.entries())
      assert.ok(index === 0 || began >= (times[index - 1]?.[1] ?? Number.NaN), JSON.stringify(times))
  })

  test('who waits says for what and for whom; a kill -9 of the holder sets it free', async () => {
    const holder = start('killed', { HOLD: '1' })
    await holder.told('the first has it', (event) => event.kind === 'scenario:start')
    const other = start('killed')
    const says = /^a (painter|renderer) waits for gpu: process \d+ \(a painter\) holds it$/
    await other.told('it waits', (event) => event.kind === 'note' && says.test(event.text))
    holder.signal('SIGKILL')
    const told = await other.ended
    assert.equal(told.code, 0, told.stdout)
    assert.equal(timesOf(told.events).length, 2)
    await holder.ended
  })

  test('Ctrl-C while one waits ends it in order, and leaves nothing claimed', async () => {
    const holder = start('interrupted', { HOLD: '1' })
    await holder.told('the first has it', (event) => event.kind === 'scenario:start')
    const other = start('interrupted')
    await other.told('it waits', (event) => event.kind === 'note' && / waits for /.test(event.text))
    other.signal('SIGINT')
    assert.equal((await other.ended).code, 130)
    holder.signal('SIGINT')
    assert.equal((await holder.ended).code, 130)
    assert.equal((await start('interrupted').ended).code, 0)
  })
})
