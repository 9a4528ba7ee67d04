import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWorkspaces } from './workspace.ts'

// `--reporter FILE`: a function of the user's own tells the run, in place of the console.

const makeWorkspace = openWorkspaces()

const COUNTS = `import { appendFileSync } from 'node:fs'
import type { Event } from 'shakedown'
export default (event: Event) => {
  if (event.kind === 'scenario:end') appendFileSync('told.txt', event.title + ' ' + event.outcome + '\\n')
  if (event.kind === 'run:end') console.log('exit ' + event.exit)
}
`

test('a reporter of the user hears everything, from run and from report, and nobody else writes', async () => {
  const one = makeWorkspace('passes')
  one.write('counts.ts', COUNTS)
  const told = () => readFileSync(join(one.folder, 'told.txt'), 'utf8').trim().split('\n')
  const ran = await one.shakedown(['run', '--quick', '--reporter', './counts.ts'])
  assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, 'exit 0\n', ''])
  assert.deepEqual(told(), ['a bird passed', 'a stone passed'])
  const again = await one.shakedown(['report'], { SHAKEDOWN_REPORTER: 'counts.ts' })
  assert.deepEqual([again.code, again.stdout], [0, 'exit 0\n'], again.stderr)
  assert.equal(told().length, 4)
})

test('one that throws fails the run, and says that it was it', async () => {
  const one = makeWorkspace('passes')
  one.write(
    'breaks.mjs',
    `export default (event) => { if (event.kind === 'scenario:end') throw new Error('oh') }`,
  )
  const ran = await one.shakedown(['run', '--quick', '--reporter', './breaks.mjs'])
  assert.equal(ran.code, 1)
  assert.match(ran.stderr, /Error: oh/)
  const log = await one.shakedown(['report'])
  assert.match(log.stdout, /the reporter broke: Error: oh/)
})

test('a file that is none is refused before anything starts', async () => {
  const one = makeWorkspace('passes')
  one.write('none.ts', 'export const tell = () => {}\n')
  one.write('object.ts', 'export default { hear() {} }\n')
  one.write('broken.ts', 'export default nobody\n')
  for (const [file, message] of [
    ['./missing.ts', /there is no reporter \.\/missing\.ts\n {2}expected {2}a file, or one of line, dot/],
    [
      'none.ts',
      /none\.ts exports no reporter\n[\s\S]*last {6}it has no default export\n {2}hint {6}write export default/,
    ],
    ['object.ts', /object\.ts exports no reporter\n {2}expected {2}a function over events/],
    ['broken.ts', /the reporter broken\.ts cannot be loaded\n {2}last {6}nobody is not defined/],
  ] as const) {
    const ran = await one.shakedown(['run', '--quick', '--reporter', file])
    assert.equal(ran.code, 2, file)
    assert.match(ran.stderr, message)
  }
  assert.ok(!existsSync(join(one.folder, 'results')))
})
