import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../src/error.ts'
import {
  at,
  createReference,
  ownersOf,
  recordOwners,
  render,
  resolve,
  type Viewer,
} from '../src/reference.ts'

const cache = { name: 'redis' }
const app = { name: 'app' }

function createPort(): { port: ReturnType<typeof createReference<number>>; know(value: number): void } {
  let known: number | undefined
  return {
    port: createReference('redis.port', [cache], () => known),
    know(value) {
      known = value
    },
  }
}

test('a reference that is not known yet names itself and says what to do', () => {
  const { port } = createPort()
  assert.throws(
    () => `${port}`,
    (error: unknown) => {
      assert.ok(error instanceof UsageError)
      assert.match(error.message, /^redis\.port is not known yet\n {2}hint {6}pass the reference itself/)
      return true
    },
  )
})

test('a reference that is known is text and value', () => {
  const { port, know } = createPort()
  know(6379)
  assert.equal(`${port}`, '6379')
  assert.equal(resolve(port), 6379)
})

test('at joins references and stays one: known when all of its parts are', () => {
  const { port, know } = createPort()
  const url = at`redis://${'127.0.0.1'}:${port}/0`
  assert.throws(() => String(url), /redis:\/\/127\.0\.0\.1:\$\{redis\.port\}\/0 is not known yet/)
  know(1)
  assert.equal(String(url), 'redis://127.0.0.1:1/0')
})

test('a reference reads differently for each viewer', () => {
  const pod: Viewer = { place: 'pod' }
  const host = createReference('app.host', [app], (viewer) => (viewer === pod ? 'app' : '127.0.0.1'))
  assert.equal(render(at`http://${host}`, pod), 'http://app')
  assert.equal(render(at`http://${host}`), 'http://127.0.0.1')
})

test('the owners of references are found in lists, objects and joined texts', () => {
  const { port } = createPort()
  const host = createReference('app.host', [app], () => 'x')
  assert.deepEqual([...ownersOf({ env: { A: 1, B: at`${port}` }, run: ['x', host] })], [cache, app])
  assert.deepEqual([...ownersOf({ made: new Date(), text: 'x' })], [])
})

test('wiring that turns references into text is recorded, for the viewer that it is for', () => {
  const pod: Viewer = { place: 'pod' }
  const host = createReference('app.host', [app], (viewer) => viewer.place)
  const recorded = recordOwners(pod, () => `http://${host}`)
  assert.equal(recorded.value, 'http://pod')
  assert.deepEqual([...recorded.owners], [app])
  assert.equal(String(host), 'host')
})

test('a recording that throws leaves no trace', () => {
  const host = createReference('app.host', [app], (viewer) => viewer.place)
  assert.throws(
    () =>
      recordOwners({ place: 'pod' }, () => {
        throw new Error('no')
      }),
    /no/,
  )
  assert.equal(String(host), 'host')
})
