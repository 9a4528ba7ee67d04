import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { findComponent } from '../../src/run/find.ts'
import { doubt, labels } from './doubt.ts'

/** Scripts with two scenarios: every claim of `weak` is one that notices nothing, every claim of `strong` one that does. */
const PLANTED = [
  { name: 'pages', needs: [], weak: 10, strong: 17 },
  { name: 'running', needs: [], weak: 8, strong: 19 },
  { name: 'stores', needs: ['redis-server'], weak: 8, strong: 11 },
  { name: 'queries', needs: ['prometheus'], weak: 5, strong: 7 },
  { name: 'values', needs: [], weak: 2, strong: 3 },
] as const

function withoutTime(text: string): string {
  return text.replace(/ % \(.*\)/, ' %')
}

function missing(needs: readonly string[]): string | false {
  const absent = needs.filter((name) => 'missing' in findComponent(name))
  return absent.length === 0 ? false : `not installed: ${absent.join(', ')}`
}

describe('--doubt', { concurrency: 2 }, () => {
  for (const { name, needs, weak, strong } of PLANTED) {
    test(`finds all that is weak in ${name}, and accuses nothing else`, {
      skip: missing(needs),
    }, async () => {
      const { result, stdout, stderr } = await doubt(name)
      const wrong = result?.readings.filter(
        ({ scenario, outcome }) => outcome !== (scenario === 'weak' ? 'unnoticed' : 'noticed'),
      )
      assert.deepEqual(wrong, [], `${stdout}${stderr}`)
      assert.equal(result?.unnoticed, weak)
      assert.equal(result?.noticed, strong)
      assert.deepEqual(result?.idle, [])
    })
  }

  test('says what nothing notices, what is trusted and what cannot be falsified, as the documents show it', async () => {
    const { code, stdout, result } = await doubt('small')
    assert.equal(code, 0, stdout)
    assert.deepEqual(labels(result, 'unnoticed'), ['shop_memory_bytes is zero'])
    const shown = readFileSync('fixtures/doubt/small.txt', 'utf8')
    assert.equal(withoutTime(stdout.slice(stdout.indexOf('doubt: 3 of'))), withoutTime(shown))
  })

  test('lists what is trusted with its reason, and what cannot be falsified', async () => {
    const { result } = await doubt('values')
    assert.deepEqual(
      result?.trusted.map(({ what, reason }) => `${what}: ${reason}`),
      ['tea in stock: the shelf holds no more'],
    )
    assert.deepEqual(
      result?.unfalsifiable.map(({ what, claim }) => `${what} ${claim}`),
      ['value toBe 2', 'value toMatch { tea: 5 }'],
    )
  })

  test('asks in every way with --doubt=all', async () => {
    const { result } = await doubt('small', ['--doubt=all'])
    const asked = result?.readings.filter(({ reading }) => reading === 'shop_memory_bytes')
    assert.deepEqual(
      asked?.map(({ words, outcome }) => `${words}: ${outcome}`),
      ['is zero: unnoticed', 'is doubled: unnoticed', 'is missing: noticed'],
    )
  })

  test('is a gate with --min', async () => {
    const { code, stdout } = await doubt('small', ['--doubt', '--min', '80'])
    assert.equal(code, 1)
    assert.match(stdout, /75 % of the falsified readings were noticed, --min 80/)
  })

  test('works for a script that is run by hand', async () => {
    const { code, stdout } = await doubt('values', ['--doubt', '--min', '60'], [])
    assert.equal(code, 0, stdout)
    assert.match(stdout, /doubt: 3 of 5 falsified readings were noticed, 60 %/)
  })

  for (const [flags, message] of [
    [['--doubt=some'], /--doubt takes none but all/],
    [['--min', '80'], /--min is for --doubt/],
    [['--doubt', '--min', '101'], /--min 101\n {2}expected {2}percent: 0 to 100/],
    [['--doubt', '--keep'], /--doubt and --keep do not go together/],
  ] as const) {
    test(`refuses ${flags.join(' ')} with 2, by hand, too`, async () => {
      for (const command of [undefined, []] as const) {
        const { code, stderr, stdout } = await doubt('small', flags, command)
        assert.equal(code, 2, stdout)
        assert.match(stderr, message)
      }
    })
  }
})
