import '../service/own-state.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expect } from '../../src/expect/expect.ts'
import { start } from '../../src/service/start.ts'
import { etcd } from '../../src/services/etcd.ts'
import { service } from '../../src/services/service.ts'
import { needsEtcd } from '../etcd/server.ts'
import { command } from '../service/programs.ts'

test('one by itself holds what is put into it, and stops clean', needsEtcd, async () => {
  await using store = etcd()
  await start(store)
  await store.put('/fruit/apple', 'green')
  await store.put('/fruit/plum', 'blue')
  await expect(store.count('/fruit/')).toBe(2)
  await expect(store.value('/fruit/plum')).toBe('blue')
  await expect(store.keys('/fruit/')).toEqual(['/fruit/apple', '/fruit/plum'])
  await expect(store.count('')).toBe(2)
  assert.equal(await store.remove('/fruit/'), 2)
  await expect(store.count('/fruit/')).toBe(0)
  assert.match(String(store.endpoints), /^http:\/\/127\.0\.0\.1:\d+$/)
  await store.stop()
})

test('a cluster of three goes on without its leader, which comes back', needsEtcd, async () => {
  await using store = etcd({ members: 3 })
  await start(store)
  assert.equal(String(store.endpoints).split(',').length, 3)
  await store.put('/a', '1')
  const lost = await store.leader.kill()
  await store.put('/a', '2')
  await expect(store.value('/a')).toBe('2')
  assert.notEqual(await store.leader.read(), lost.name)
  await lost.start()
  await expect(lost.state).toBe('running')
  const changes = await store.changes('/a').read()
  assert.deepEqual(
    changes.map(({ type, value }) => `${type} ${value}`),
    ['put 1', 'put 2'],
  )
})

test('without a quorum nothing is answered, and with it everything again', needsEtcd, async () => {
  await using store = etcd({ members: 3 })
  await start(store)
  await store.put('/a', '1')
  await Promise.all([store.member(1).kill(), store.member(2).kill()])
  assert.throws(() => store.member(4), /etcd has no member 4/)
  await assert.rejects(store.count('/').read(), /no member of etcd answered \/v3\/kv\/range/)
  await store.start()
  await expect(store.value('/a')).toBe('1', { within: '30s' })
})

test('who refers to its endpoints starts after all of its members', needsEtcd, async () => {
  await using store = etcd({ members: 3 })
  await using web = service({
    name: 'web',
    run: command('prints_environment.sh'),
    env: { ETCD_ENDPOINTS: store.endpoints },
    port: 'none',
    ready: { log: /^ETCD_ENDPOINTS=/ },
  })
  await using needing = service({
    name: 'needing',
    run: command('prints_environment.sh'),
    port: 'none',
    ready: { log: /^ready$/ },
    needs: [store],
  })
  await start(web, needing, store)
  await expect(web.logs.lines(/^ETCD_ENDPOINTS=/)).toEqual([`ETCD_ENDPOINTS=${store.endpoints}`])
})

test('one that runs elsewhere is read, and neither started nor stopped', needsEtcd, async () => {
  await using own = etcd()
  await start(own)
  {
    await using there = etcd({ at: String(own.endpoints) })
    await start(there)
    await there.put('/a', '1')
    await expect(there.value('/a')).toBe('1')
    assert.throws(() => there.member(2), /etcd\S* has no member 2/)
  }
  await expect(own.value('/a')).toBe('1')
  assert.throws(() => etcd({ at: 'http://127.0.0.1:1', port: 5 }), /gets no members, port or args/)
})

test('what cannot be a cluster is refused', () => {
  assert.throws(() => etcd({ members: 2 }), /etcd cannot have 2 members/)
  assert.throws(() => etcd({ members: 3, port: 2379 }), /3 members of etcd cannot share port 2379/)
})
