import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { doubt, labels } from './doubt.ts'

describe('--doubt', { concurrency: 2 }, () => {
  test('finds the weak check of a script, and accuses none of the strong ones', async () => {
    const told = await doubt('small')
    assert.equal(told.code, 0, told.stdout)
    assert.deepEqual(labels(told.result, 'unnoticed'), ['shop_memory_bytes is zero'])
    assert.deepEqual(labels(told.result, 'noticed'), [
      'GET / of shop.url is answered with another status and nothing in it',
      'load on shop.url was another number of requests',
      'shop_sales_total counts nothing more',
    ])
    assert.match(told.stdout, /doubt: 3 of 4 falsified readings were noticed, 75 %/)
    assert.match(
      told.stdout,
      /nothing notices if shop_memory_bytes is zero {2}\(fixtures\/doubt\/small\.mts:\d+\)/,
    )
  })

  test('is a gate with --min', async () => {
    const told = await doubt('small', ['--min', '80'])
    assert.equal(told.code, 1)
    assert.match(told.stdout, /75 % of the falsified readings were noticed, --min 80/)
  })

  for (const [flags, message] of [
    [['--doubt=some'], /--doubt takes none but all/],
    [['--min', '80'], /--min is for --doubt/],
    [['--doubt', '--min', '101'], /--min 101\n {2}expected {2}percent: 0 to 100/],
  ] as const) {
    test(`refuses ${flags.join(' ')} with 2`, async () => {
      const told = await doubt('small', flags, [])
      assert.equal(told.code, 2, told.stdout)
      assert.match(told.stderr, message)
    })
  }
})
