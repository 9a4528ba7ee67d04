import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sleepsInShell, sleepsOf } from '../../../scripts/check/sleeps.ts'
import { parseSource } from '../../../scripts/check/source.ts'

const found = (text: string, file = 'src/service/a.ts') =>
  sleepsOf(parseSource(file, text)).map(({ line, message }) => `${line}: ${message}`)

const REFUSED = [
  "import { setTimeout } from 'node:timers/promises'",
  "import * as timers from 'timers/promises'",
  "const { setTimeout } = await import('node:timers/promises')",
  'await new Promise((resolve) => setTimeout(resolve, 1000))',
  'await new Promise<void>((done) => { setTimeout(() => done(), 1000) })',
  'await new Promise((resolve) => { const timer = globalThis.setTimeout(() => { log(); resolve(1) }, 5) })',
  'const sleep = promisify(setTimeout)',
  'await sleep(1000)',
  "await sleep('1s')",
  'await page.waitForTimeout(500)',
  'Atomics.wait(array, 0, 0, 1000)',
  'await $`sleep 5`',
  'await $`start & sleep ${seconds}; check`',
]

for (const text of REFUSED) {
  test(`refused: ${text}`, () => assert.match(found(text).join('\n'), /^1: .*: wait for a fact/))
}

const ALLOWED = [
  'const timer = setTimeout(() => reject(new Error("late")), 1000)',
  'await new Promise((resolve, reject) => { setTimeout(() => reject(late), 1000); work().then(resolve) })',
  'const deadline = AbortSignal.timeout(1000)',
  'await new Promise((resolve) => server.listen(0, resolve))',
  'await new Promise((resolve) => setImmediate(resolve))',
  "const slow = service({ run: ['sleep', '60'] })",
  'await $`echo sleepless`',
]

for (const text of ALLOWED) {
  test(`allowed: ${text}`, () => assert.deepEqual(found(text), []))
}

test('the folder of the polling loop is where time may pass', () => {
  assert.deepEqual(found("import { setTimeout } from 'node:timers/promises'", 'src/wait/pause.ts'), [])
})

test('shell scripts, Makefiles and workflows do not sleep either; comments may speak of it', () => {
  const lines = sleepsInShell(
    'a.sh',
    'start &\nsleep 5\n# sleep 5\ncurl x && sleep 0.5\necho sleep\nrun: sleep "$n"\n',
  )
  assert.deepEqual(
    lines.map(({ line }) => line),
    [2, 4, 6],
  )
})
