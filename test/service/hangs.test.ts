import './own-state.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holderOf } from '../../src/service/evict.ts'
import { createProgram } from '../../src/service/program.ts'
import { start } from '../../src/service/start.ts'
import { answering, command } from './programs.ts'
import { isRunning, until } from './until.ts'

test('a program that accepts and never answers is not ready, and its port is free again', async () => {
  const hanging = createProgram(
    answering({
      name: 'hanging',
      run: command('accepts_and_hangs.mjs'),
      within: '5s',
      stop: { within: '200ms' },
    }),
  )
  let [port, pid] = [0, 0]
  const starting = start(hanging)
  const failed = assert.rejects(starting, (error: Error) => {
    assert.match(error.message, /^hanging was not ready in time\n/)
    assert.match(error.message, /expected {2}an answer to GET \//)
    assert.match(error.message, /hanging \| accepted/)
    return true
  })
  await until('it listens', () => {
    const told = hanging.logs.tail(20).flatMap((line) => /^listening (\d+) as (\d+)$/.exec(line) ?? [])
    ;[port, pid] = [Number(told[1]), Number(told[2])]
    return told.length > 0
  })
  await failed
  assert.equal(isRunning(pid), false)
  assert.equal(await holderOf(port), undefined)
})
