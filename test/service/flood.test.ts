import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runScript, story } from '../cli/script.ts'

// 200 MB in a few seconds; FLOOD=1000 makes it a whole GB.
const MEGABYTES = process.env['FLOOD'] ?? '200'
const MOST = 150_000

test(`a program that prints ${MEGABYTES} MB loses no line and takes no more than 150 MB of the runner's memory`, async (t) => {
  // Once with little, so that everything is compiled: only a first run ever pays for that.
  await runScript(story('is_flooded'), { env: { MEGABYTES: '1' } })
  const told = await runScript(story('is_flooded'), { env: { MEGABYTES } })
  assert.equal(told.code, 0, told.stdout + told.stderr)
  const [, most] = /at most (\d+) kB/.exec(told.stdout) ?? []
  t.diagnostic(`the runner had ${Math.round(Number(most) / 1000)} MB at most`)
  assert.ok(Number(most) <= MOST, `${most} kB`)
})
