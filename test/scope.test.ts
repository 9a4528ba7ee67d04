import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { Scope } from '../src/scope.ts'

const never = () => new Promise<void>(() => {})

describe('a scope', () => {
  test('undoes in reverse, each once, one after the other', async () => {
    const scope = new Scope()
    const steps: string[] = []
    for (const name of ['first', 'second', 'third']) {
      scope.own(name, async () => {
        steps.push(`${name} begins`)
        await new Promise((resolve) => setImmediate(resolve))
        steps.push(`${name} ends`)
      })
    }
    const both = [scope.unwind(10_000), scope.unwind(10_000)]
    assert.deepEqual(await Promise.all(both), [[], []])
    const order = ['third', 'second', 'first'].flatMap((name) => [`${name} begins`, `${name} ends`])
    assert.deepEqual(steps, order)
  })

  test('tells every failure, and none of them keeps the others from being undone', async () => {
    const scope = new Scope()
    let undone = 0
    scope.own('good', async () => {
      undone += 1
    })
    scope.own('rejects', async () => {
      throw new Error('one')
    })
    scope.own('throws', () => {
      throw new Error('two')
    })
    const errors = await scope.unwind(10_000)
    assert.deepEqual(
      errors.map(({ what, error }) => `${what}: ${error.message}`),
      ['throws: two', 'rejects: one'],
    )
    assert.equal(undone, 1)
  })

  test('takes nothing new once it is being undone', async () => {
    const scope = new Scope()
    scope.own('slow', async () => {
      assert.throws(() => scope.own('late', never), /late was started while everything was being stopped/)
    })
    assert.deepEqual(await scope.unwind(10_000), [])
  })

  test('gives what hangs a last chance when the budget is used up, and still undoes the rest', async () => {
    const scope = new Scope()
    const undone: string[] = []
    scope.own('below', async () => {
      undone.push('below')
    })
    scope.own('gives up when told', (signal) => {
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          undone.push('told')
          resolve()
        })
      })
    })
    scope.own('hangs for ever', never)
    const errors = await scope.unwind(50)
    assert.deepEqual(undone.sort(), ['below', 'told'])
    assert.deepEqual(
      errors.map(({ error }) => error.message.split('\n')[0]),
      ['hangs for ever was not undone within 50ms'],
    )
    assert.match(errors[0]?.error.message ?? '', /it did not end by force either/)
  })

  test('says of what gave up only by force that it did', async () => {
    const scope = new Scope()
    scope.own(
      'stubborn',
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    )
    const [error] = await scope.unwind(50)
    assert.match(error?.error.message ?? '', /^stubborn was not undone within 50ms\n.*it was ended by force/)
  })

  test('undoes everything exactly once, dependants first, whatever fails', async () => {
    const teardown = fc.constantFrom('ends', 'rejects', 'ends later')
    await fc.assert(
      fc.asyncProperty(fc.array(teardown, { maxLength: 12 }), async (kinds) => {
        const scope = new Scope()
        const undone: number[] = []
        for (const [index, kind] of kinds.entries()) {
          scope.own(String(index), async () => {
            undone.push(index)
            if (kind === 'ends later') await new Promise((resolve) => setImmediate(resolve))
            if (kind === 'rejects') throw new Error(kind)
          })
        }
        const errors = await scope.unwind(10_000)
        assert.deepEqual(undone, [...kinds.keys()].reverse())
        assert.equal(errors.length, kinds.filter((kind) => kind === 'rejects').length)
      }),
      { numRuns: 200 },
    )
  })
})
