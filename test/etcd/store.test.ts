import '../service/own-state.ts'
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { expect } from '../../src/expect/expect.ts'
import { start } from '../../src/service/start.ts'
import { type EtcdService, etcd } from '../../src/services/etcd.ts'
import { needsEtcd } from './server.ts'

let store: EtcdService

before(async () => {
  if (needsEtcd.skip !== false) return
  store = etcd()
  await start(store)
})
after(async () => {
  if (needsEtcd.skip === false) await store[Symbol.asyncDispose]()
})

/** Why a claim did not hold, as the user reads it. */
async function failureOf(claim: Promise<unknown>): Promise<string> {
  return claim.then(
    () => assert.fail('it held'),
    (error: Error) => error.message,
  )
}

test('a key that nobody renews expires: seen alive before, gone after', needsEtcd, async () => {
  await store.put('/services/a', 'x', { ttl: 2 })
  const [proof] = await expect(store.keys('/services/a')).toExpire({ within: '2s' })
  assert.equal(proof?.key, '/services/a')
  assert.equal(proof?.ttl.seconds, 2)
  assert.ok(proof.gone >= 0, `${proof.gone}`)
})

test('no key, one without a lease and one that lives too long do not expire', needsEtcd, async () => {
  const claim = (prefix: string) => failureOf(expect(store.keys(prefix)).toExpire({ within: '2s' }))
  assert.match(await claim('/nothing/'), /there was no key when it was claimed/)
  await store.put('/stays/a', 'x')
  assert.match(await claim('/stays/'), /\/stays\/a has no lease: it stays for ever/)
  await store.put('/long/a', 'x', { ttl: 30 })
  assert.match(await claim('/long/'), /\/long\/a lives longer than that: its lease is one of 30s/)
})

test('a key that is deleted did not expire', needsEtcd, async () => {
  await store.put('/deleted/a', 'x', { ttl: 5 })
  const claim = failureOf(expect(store.keys('/deleted/')).toExpire({ within: '5s' }))
  await expect(store.ttls('/deleted/')).toHaveSize(1)
  await store.remove('/deleted/a')
  assert.match(await claim, /\/deleted\/a was deleted: its lease still lives/)
})

test('a lease that is renewed or revoked did not run out', needsEtcd, async () => {
  for (const [path, why] of [
    ['/v3/lease/keepalive', /somebody keeps its lease alive/],
    ['/v3/lease/revoke', /before its lease could run out: it was revoked/],
  ] as const) {
    await store.put('/lease/a', 'x', { ttl: 3 })
    const claim = failureOf(expect(store.keys('/lease/')).toExpire({ within: '3s' }))
    const left = async () => (await store.ttls('/lease/').read()).get('/lease/a')
    await expect({ describe: 'a second to pass', read: left }).toMatch({ seconds: 1 })
    await askAboutLease('/lease/a', path)
    assert.match(await claim, why)
  }
})

test(
  'what was done is known although nobody listened; a transaction has one revision',
  needsEtcd,
  async () => {
    await store.put('/history/a', '1')
    await store.put('/history/b', '2')
    await store.remove('/history/')
    const changes = await store.changes('/history/').read()
    assert.deepEqual(
      changes.map(({ type, key, value, version }) => `${type} ${key} ${value} ${version}`),
      ['put /history/a 1 1', 'put /history/b 2 1', 'delete /history/a  0', 'delete /history/b  0'],
    )
    const [, , one, other] = changes
    assert.equal(one?.revision, other?.revision)
    assert.deepEqual(await store.changes('/never/').read(), [])
  },
)

test('ttls tells how long keys live, and which stay', needsEtcd, async () => {
  await store.put('/ttl/a', 'x', { ttl: 60 })
  await store.put('/ttl/b', 'x')
  const found = await store.ttls('/ttl/').read()
  assert.equal(found.get('/ttl/b'), 'none')
  const left = found.get('/ttl/a')
  assert.ok(left !== undefined && left !== 'none' && left.seconds <= 60 && left.seconds > 30)
})

test('a value that is not there, and a store that is not there, say so', needsEtcd, async () => {
  await assert.rejects(store.value('/no').read(), /there is no key \/no in etcd/)
  const other = etcd()
  await assert.rejects(other.count('/').read(), /is not known yet/)
})

async function askAboutLease(key: string, path: string): Promise<void> {
  const ask = (way: string, body: object) =>
    fetch(`${store.endpoints}${way}`, { method: 'POST', body: JSON.stringify(body) }).then((answer) =>
      answer.json(),
    )
  const found: unknown = await ask('/v3/kv/range', { key: Buffer.from(key).toString('base64') })
  const [, lease] = /"lease":"(\d+)"/.exec(JSON.stringify(found)) ?? []
  await ask(path, { ID: lease })
}
