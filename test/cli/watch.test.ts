import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { until } from '../service/until.ts'
import { plainEnvironment, root } from './script.ts'
import { makeWorkspace } from './workspace.ts'

// `shakedown watch` in a project of its own: files are saved, lines are typed, real runs follow.

const one = makeWorkspace('passes')
let watch: ChildProcess | undefined
after(() => {
  watch?.kill('SIGKILL')
  one.remove()
})

/** The scripts of each run, in the order of the runs. */
function runs(): readonly (readonly string[])[] {
  const results = join(one.folder, 'results')
  const names = readdirSync(one.folder).includes('results') ? readdirSync(results) : []
  const logs = names.filter((name) => /^\d/.test(name)).sort()
  return logs.flatMap((name) => {
    const lines = readFileSync(join(results, name, 'events.ndjson'), 'utf8')
      .trim()
      .split('\n')
    const events = lines.map((line): Event => JSON.parse(line))
    const isOver = events.at(-1)?.kind === 'run:end'
    return isOver ? [events.flatMap((event) => (event.kind === 'scenario:end' ? [event.title] : []))] : []
  })
}

test('what a saved file touches runs again, and what is typed', async () => {
  const script = (title: string, more: string) =>
    `import { expect, scenario } from 'shakedown'
     ${more}
     await scenario('${title}', async () => expect(1).toBe(1))`
  one.write('e2e/imports.mts', script('one that imports', "import '../parts/first.ts'"))
  one.write('e2e/names.mts', script('one that names', "const data = 'fixtures/data'; void data"))
  one.write('parts/first.ts', "import './second.ts'\n")
  one.write('parts/second.ts', 'export const second = 2\n')
  one.write('fixtures/data/table.csv', 'a,b\n')
  one.write('package.json', '{ "type": "module" }')
  const child = spawn(process.execPath, [join(root, 'src/cli/main.mts'), 'watch', '--workers', '1'], {
    cwd: one.folder,
    env: { ...plainEnvironment(), SHAKEDOWN_STATE: join(one.folder, '.state') },
  })
  let told = ''
  watch = child
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const ended = new Promise((resolve) => {
    child.once('close', resolve)
  })
  const expectRun = async (count: number, titles: readonly string[]) => {
    await until(`run ${count} is over`, () => told.split('exit ').length > count)
    assert.deepEqual([...(runs()[count - 1] ?? [])].sort(), [...titles].sort(), told)
  }
  await until('it watches', () => told.includes('watching e2e'))
  one.write('parts/second.ts', 'export const second = 3\n')
  await expectRun(1, ['one that imports'])
  one.write('fixtures/data/table.csv', 'a,b\n1,2\n')
  await expectRun(2, ['one that names'])
  one.write('notes.txt', 'nobody needs this\n')
  child.stdin.write('f stone\n')
  await expectRun(3, ['a stone'])
  child.stdin.write('f\n')
  await expectRun(4, ['one that imports', 'one that names', 'a bird', 'a stone'])
  child.stdin.write('x\n')
  await until('it says what it knows', () => told.includes('not understood: x: a or Enter runs everything'))
  child.stdin.write('q\n')
  assert.equal(await ended, 0)
  assert.equal(runs().length, 4)
})
