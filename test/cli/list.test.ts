import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { makeWorkspace } from './workspace.ts'

const one = makeWorkspace('passes', 'wants_the_gpu', 'has_no_scenario')
after(() => one.remove())
one.write(
  'e2e/asks.mts',
  `import { writeFileSync } from 'node:fs'
   import { scenario } from 'shakedown'
   writeFileSync('was-run', '')
   await scenario('a question', { requires: ['redis-server'] }, async () => {})
   await scenario(String(1 + 1), async () => {})`,
)

describe('shakedown list', () => {
  test('says what there is, and starts nothing', async () => {
    const { code, stdout, stderr } = await one.shakedown(['list'])
    assert.equal(code, 0, stderr)
    assert.deepEqual(
      stdout.split('\n').map((line) => line.replaceAll(/(?<=\S) {2,}/g, '  ')),
      [
        'e2e/asks.mts',
        '  a question  needs redis-server  e2e/asks.mts:4',
        '  (computed)  e2e/asks.mts:5',
        'e2e/has_no_scenario.mts',
        '  (no scenario in its own text)',
        'e2e/passes.mts',
        '  a bird  animal p0  e2e/passes.mts:4',
        '  a stone  mineral  e2e/passes.mts:7',
        'e2e/wants_the_gpu.mts',
        '  a painter  alone with gpu, alone with port:8088  e2e/wants_the_gpu.mts:9',
        '  a renderer  alone with port:8088, alone with gpu  e2e/wants_the_gpu.mts:13',
        '',
      ],
    )
    assert.ok(!existsSync(join(one.folder, 'was-run')) && !existsSync(join(one.folder, 'results')))
  })

  test('--json is for programs, and --tag says what a run would take', async () => {
    const { code, stdout } = await one.shakedown(['list', 'e2e/passes.mts', '--json', '--tag', 'not p0'])
    assert.equal(code, 0)
    const lists = { requires: [], exclusive: [], computed: false }
    assert.deepEqual(JSON.parse(stdout), [
      {
        script: 'e2e/passes.mts',
        scenarios: [{ title: 'a stone', at: 'e2e/passes.mts:7', tags: ['mineral'], ...lists }],
      },
    ])
  })

  test('a tag that none has is refused before anything starts, in a run, too', async () => {
    for (const command of ['list', 'run']) {
      const { code, stderr } = await one.shakedown([command, 'e2e/passes.mts', '--tag', 'p0 and not minral'])
      assert.equal(code, 2)
      assert.match(stderr, /no scenario has the tag minral\n.*did you mean mineral\?/)
    }
    assert.ok(!existsSync(join(one.folder, 'results')))
  })

  test('a tag is known also where the selection has left its script out', async () => {
    const scripts = ['e2e/passes.mts', 'e2e/snail.mts']
    one.write(
      'e2e/snail.mts',
      `import { expect, scenario } from 'shakedown'
       await scenario('a snail', { tags: ['slow'] }, async () => expect(1).toBe(1))`,
    )
    const { code, stdout } = await one.shakedown(['run', ...scripts, '--tag', 'p0 and not slow'])
    assert.equal(code, 0, stdout)
    assert.match(stdout, /✓ passed {2}1 scenario/)
  })
})
