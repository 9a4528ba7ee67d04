import './own-state.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toError } from '../../src/error.ts'
import { listen } from '../../src/event.ts'
import { createProgram } from '../../src/service/program.ts'
import type { ProgramSpec } from '../../src/service/spec.ts'
import { start } from '../../src/service/start.ts'
import { saying } from './programs.ts'
import { until } from './until.ts'

function shell(name: string, text: string, more: Partial<ProgramSpec> = {}) {
  return createProgram({ name, run: ['sh', '-c', text], port: 'none', ready: 'completed', ...more })
}

test('what waits for a program that completes starts when it has ended with 0', async () => {
  const ends: string[] = []
  const stopListening = listen((event) => {
    if (event.kind === 'service:exit') ends.push(`${event.service} ${event.code} ${event.expected}`)
    if (event.kind === 'service:starting') ends.push(`${event.service} starts`)
  })
  await using migration = shell('migration', 'echo migrated')
  await using app = createProgram({ ...saying('prints_environment.sh'), name: 'app', needs: [migration] })
  await start(app, migration)
  stopListening()
  assert.deepEqual(ends, ['migration starts', 'migration 0 true', 'app starts'])
  assert.equal(await migration.state.read(), 'stopped')
  await migration.restart()
  assert.equal((await migration.logs.lines(/migrated/).read()).length, 2)
})

test('one that ends with another code fails by name, and nothing starts after it', async () => {
  await using migration = shell('broken', 'echo no such table; exit 3')
  await using app = createProgram({ ...saying('prints_environment.sh'), needs: [migration] })
  await assert.rejects(
    start(app, migration),
    /^(Failure: )?broken died while it started: exit code 3\n(.*\n)*.*no such table/,
  )
})

test('an end with 0 is the death of a program that does not complete', async () => {
  const ended = async (completes: boolean) => {
    const one = shell('short', 'echo ready; sleep 0.5', { ready: { log: /^ready$/ }, completes })
    await start(one)
    await until('it ended', async () => (await one.state.read()) !== 'running')
    const state = await one.state.read()
    try {
      await one[Symbol.asyncDispose]()
      return state
    } catch (error) {
      return `${state}: ${toError(error).message.split('\n', 1)[0]}`
    }
  }
  assert.equal(await ended(true), 'stopped')
  assert.match(await ended(false), /^dead: short-2 died: exit code 0/)
})
