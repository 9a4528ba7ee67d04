import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runScript, story } from '../../cli/script.ts'

test('a function that breaks fails its scenario by name, with its log; the script goes on to tell it', async () => {
  const { code, stdout, events } = await runScript(story('crashes_inside'), { args: ['--quick'] })
  assert.equal(code, 1, stdout)
  assert.match(stdout, /✗ a frail service/)
  assert.match(stdout, /frail died: exit code 1/)
  assert.match(stdout, /frail \| Error: the pencil broke/)
  assert.match(stdout, /said by the script itself/)
  const lines = events.flatMap((event) => (event.kind === 'log' ? [event.line] : []))
  assert.ok(lines.includes('asked for /break'), lines.join('\n'))
  assert.ok(!lines.includes('said by the script itself'))
  assert.equal(events.find((event) => event.kind === 'service:starting')?.driver, 'in-process')
})
