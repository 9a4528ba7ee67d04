import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Context, runInContext } from '../../src/context.ts'
import { type EventOf, listen } from '../../src/event.ts'
import { expect } from '../../src/expect/expect.ts'
import { keys } from '../../src/redis/keys.ts'
import { startServer } from './server.ts'
import { failureOf } from './story.ts'

// Side by side: most of the time they only wait for a TTL.
suite('expiry', { concurrency: 8 }, () => {
  test('keys expire by themselves, and each has its proof', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'PX', 3000)
    await server.client.set('visitor:2', 'x', 'PX', 3300)
    await server.client.set('other', 'x')
    const deadline = await server.client.pexpiretime('visitor:2')
    const proof = await expect(visitors).toExpire({ within: '60s', deletions: 0 })
    assert.deepEqual(proof.map(({ key }) => key).toSorted(), ['visitor:1', 'visitor:2'])
    for (const { alive = Number.NaN, gone = Number.NaN } of proof) {
      assert.ok(alive > -1, 'alive until the very millisecond of the deadline')
      assert.ok(gone > 0, 'and gone after it')
    }
    assert.equal(proof.find(({ key }) => key === 'visitor:2')?.deadline, deadline)
  })

  test('what was gone before a look could see it counts by the word of the server', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await visitors.read()
    // Nobody is served between the two: when the loop is through, the millisecond is over.
    const busy = 'for count = 1, 5000000 do end'
    await server.client.multi().set('visitor:1', 'x', 'PX', 1).eval(busy, 0).exec()
    const proof = await expect(visitors).toExpire({ within: '60s', deletions: 0 })
    assert.deepEqual(proof, [{ key: 'visitor:1', deadline: undefined, alive: undefined, gone: undefined }])
  })

  test('the claim is told as an event with its looks and what was proven', async () => {
    await using server = await startServer()
    const claims: EventOf<'claim'>[] = []
    const stop = listen((event) => {
      if (event.kind === 'claim' && event.what.startsWith('told:')) claims.push(event)
    })
    const visitors = keys(server.own, 'told:*')
    await server.client.set('told:1', 'x', 'PX', 1000)
    await expect(visitors).toExpire({ within: '60s' })
    stop()
    const [claim] = claims
    assert.equal(claim?.matcher, 'toExpire')
    assert.equal(claim?.met, true)
    assert.match(
      claim?.last ?? '',
      /^1 key expired: last seen at most \S+ before the deadline, gone at most \S+ after it$/,
    )
    assert.equal(claim?.looks?.at(-1)?.saw, '0 keys')
    assert.ok((claim?.values?.length ?? 0) >= 2)
  })

  test('what expires between its naming and the claim counts, because it was watched', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await visitors.read()
    await server.client.set('visitor:1', 'x', 'PX', 1500)
    await expect(keys(server.own, 'visitor:*')).toHaveSize(1, { within: '60s' })
    await expect(keys(server.own, 'visitor:*')).toEqual([], { within: '60s' })
    const proof = await expect(visitors).toExpire({ within: '1s', deletions: 0 })
    assert.equal(proof.length, 1)
  })

  test('a key that appears during the claim is held to the same', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'PX', 2000)
    const claim = expect(visitors).toExpire({ within: '60s' })
    await server.client.set('visitor:2', 'x', 'PX', 2500)
    const proof = await claim
    assert.deepEqual(proof.map(({ key }) => key).toSorted(), ['visitor:1', 'visitor:2'])
  })

  test('a key that appears just before the last one goes is not overlooked', async () => {
    await using server = await startServer()
    const { client } = server
    for (let inTime = false; !inTime; ) {
      const visitors = keys(server.own, 'visitor:*')
      await client.set('visitor:1', 'x', 'PX', 1000)
      const deadline = await client.pexpiretime('visitor:1')
      const claim = expect(visitors).toExpire({ within: '60s' })
      while ((await client.pttl('visitor:1')) > 4);
      const told =
        (await client.multi().set('visitor:2', 'x', 'PX', 1500).pexpiretime('visitor:2').exec()) ?? []
      // Where the machine was too slow it came too late, which proves nothing.
      inTime = Number(told[1]?.[1]) < deadline + 1500
      const proven = (await claim).map(({ key }) => key).toSorted()
      if (inTime) assert.deepEqual(proven, ['visitor:1', 'visitor:2'])
      await expect(visitors).toEqual([])
    }
  })

  test('a refresh moves the deadline, and the proof follows it', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'PX', 1500)
    const claim = expect(visitors).toExpire({ within: '60s' })
    await server.client.pexpire('visitor:1', 2500)
    const deadline = await server.client.pexpiretime('visitor:1')
    assert.equal((await claim)[0]?.deadline, deadline)
  })

  test('a TTL that is made shorter during the claim is followed, too', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'EX', 50)
    const claim = expect(visitors).toExpire({ within: '60s', deletions: 0 })
    await visitors.read()
    await server.client.pexpire('visitor:1', 1)
    assert.equal((await claim).length, 1)
  })

  test('no key at all is not an expiry', async () => {
    await using server = await startServer()
    await server.client.set('visitors:1', 'x', 'EX', 50)
    const text = await failureOf(expect(keys(server.own, 'visitor:*')).toExpire({ within: '1s' }))
    assert.equal(
      text,
      `keys did not expire by themselves: visitor:* in redis
  expected  every key to expire by itself within …
  last      no key: there was nothing that could expire
  waited    …, …
  at        test/redis/expire.test.ts:…
  hint      keys that are there: visitors:1`,
    )
  })

  test('keys that had expired before they were named are told apart', async () => {
    await using server = await startServer()
    const earlier = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'PX', 1000)
    await expect(earlier).toExpire({ within: '60s' })
    const text = await failureOf(expect(keys(server.own, 'visitor:*')).toExpire({ within: '1s' }))
    assert.match(
      text,
      /1 key had expired before they were named, the last … before the claim: write keys\(…\) before/,
    )
  })

  test('a key without a TTL fails at once, by name', async () => {
    await using server = await startServer()
    await server.client.set('visitor:1', 'x', 'EX', 50)
    await server.client.set('visitor:2', 'x')
    const text = await failureOf(expect(keys(server.own, 'visitor:*')).toExpire({ within: '1h' }))
    assert.equal(
      text,
      `keys did not expire by themselves: visitor:* in redis
  expected  every key to expire by itself within …
  last      visitor:2: it has no TTL
  waited    …, …
  at        test/redis/expire.test.ts:…`,
    )
  })

  test('a deadline behind the bound fails at once, and says by how much', async () => {
    await using server = await startServer()
    await server.client.set('visitor:1', 'x', 'EX', 300)
    const text = await failureOf(expect(keys(server.own, 'visitor:*')).toExpire({ within: '30s' }))
    assert.equal(
      text,
      `keys did not expire by themselves: visitor:* in redis
  expected  every key to expire by itself within …
  last      visitor:1: expires … after the claim, … too late
  waited    …, …
  at        test/redis/expire.test.ts:…`,
    )
  })

  test('a writer that goes on writing is found out', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'EX', 20)
    await visitors.read()
    const claim = failureOf(expect(visitors).toExpire({ within: '20s' }))
    const writer = setInterval(() => server.client.expire('visitor:1', 20).catch(() => {}), 20)
    const text = await claim
    clearInterval(writer)
    assert.match(text, /last {6}visitor:1: expires … after the claim, … too late/)
    assert.match(text, /hint {6}its deadline was moved while somebody looked: is a writer still running\?/)
  })

  test('a key that is deleted by hand fails at once, naming it, how early and by what', async () => {
    await using server = await startServer()
    await server.client.set('visitor:1', 'x', 'EX', 50)
    const claim = failureOf(expect(keys(server.own, 'visitor:*')).toExpire({ within: '60s' }))
    await expect(keys(server.own, 'visitor:*')).toHaveSize(1)
    await server.client.unlink('visitor:1')
    assert.equal(
      await claim,
      `keys did not expire by themselves: visitor:* in redis
  expected  every key to expire by itself within …
  last      visitor:1: deleted (del) … before its deadline
  waited    …, …
  at        test/redis/expire.test.ts:…
  hint      commands that the server was given: UNLINK ×1`,
    )
  })

  test('a deletion long before the claim counts, also of a key that nobody ever looked at', async () => {
    await using server = await startServer()
    await keys(server.own, '*').read()
    await server.client.multi().set('visitor:0', 'x', 'EX', 50).del('visitor:0').exec()
    await server.client.set('visitor:1', 'x', 'PX', 1500)
    const text = await failureOf(
      expect(keys(server.own, 'visitor:*')).toExpire({ within: '60s', deletions: 0 }),
    )
    assert.equal(
      text,
      `keys did not expire by themselves: visitor:* in redis
  expected  every key to expire by itself within …, none ever deleted
  last      visitor:0: deleted (del) … before the claim
  waited    …, …
  at        test/redis/expire.test.ts:…
  hint      commands that the server was given: DEL ×1`,
    )
  })

  test('a deletion is no hindrance where none was forbidden, nor outside of the pattern', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await visitors.read()
    await server.client.multi().set('visitor:0', 'x').del('visitor:0').set('other', 'x').del('other').exec()
    await server.client.set('visitor:1', 'x', 'PX', 1500)
    await expect(visitors).toExpire({ within: '60s' })
    await server.client.set('guest:1', 'x', 'PX', 1500)
    await expect(keys(server.own, 'guest:*')).toExpire({ within: '60s', deletions: 0 })
  })

  test('FLUSHALL is a deletion of everything, though the server tells it for no key', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'EX', 50)
    await visitors.read()
    await server.client.flushall()
    await visitors.read()
    const text = await failureOf(expect(visitors).toExpire({ within: '60s', deletions: 0 }))
    assert.match(text, /visitor:1: deleted \(flushall\) … before its deadline/)
    assert.match(text, /FLUSHALL was called, first seen … before the claim/)
  })

  test('deletions from before anybody watched are not taken for none', async () => {
    await using server = await startServer()
    await server.client.set('visitor:0', 'x')
    await server.client.del('visitor:0')
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'PX', 1500)
    const text = await failureOf(expect(visitors).toExpire({ within: '60s', deletions: 0 }))
    assert.match(text, /DEL was called, first seen … before the claim/)
  })

  test('a rename, an eviction by hand and an EXPIRE in the past are no expiry', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    for (const number of [1, 2, 3]) await server.client.set(`visitor:${number}`, 'x', 'EX', 50)
    await visitors.read()
    await server.client.rename('visitor:1', 'gone:1')
    await server.client.pexpireat('visitor:2', 1)
    await server.client.getdel('visitor:3')
    const text = await failureOf(expect(visitors).toExpire({ within: '60s' }))
    assert.match(text, /visitor:1: deleted \(rename\)/)
    assert.match(text, /visitor:2: deleted \(del\)/)
    assert.match(text, /visitor:3: deleted \(del\)/)
  })

  test('keys that are lost with their server did not expire', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'EX', 50)
    await visitors.read()
    const claim = failureOf(expect(visitors).toExpire({ within: '60s' }))
    await visitors.read()
    await server.kill()
    await server.again()
    assert.match(await claim, /visitor:1: lost, because the server that held it ended/)
  })

  test('what was lost before the claim is no hindrance', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    await server.client.set('visitor:1', 'x', 'EX', 50)
    await visitors.read()
    await server.kill()
    await server.again()
    await server.client.set('visitor:2', 'x', 'PX', 2000)
    await visitors.read()
    const proof = await expect(visitors).toExpire({ within: '60s', deletions: 0 })
    assert.deepEqual(
      proof.map(({ key }) => key),
      ['visitor:2'],
    )
  })

  test('a server that does not answer is told as such', async () => {
    await using server = await startServer()
    await server.client.set('visitor:1', 'x', 'EX', 50)
    const visitors = keys(server.own, 'visitor:*')
    await visitors.read()
    await server.kill()
    const text = await failureOf(expect(visitors).toExpire({ within: '2s' }))
    assert.match(text, /^keys could not be looked at: visitor:\* in redis\n/)
    assert.match(text, /last {6}no answer from redis at 127\.0\.0\.1:\d+: refused/)
  })

  test('claims that no key could meet, or that say nothing, are refused', async () => {
    await using server = await startServer()
    const visitors = keys(server.own, 'visitor:*')
    assert.throws(() => expect(visitors).toExpire({ within: '0s' }), /nothing expires at once/)
    // @ts-expect-error: there is only deletions: 0
    assert.throws(() => expect(visitors).toExpire({ within: '1s', deletions: 2 }), /takes deletions: 0/)
    // @ts-expect-error: a bare number is no duration
    assert.throws(() => expect(visitors).toExpire({ within: 5 }), /nothing expires at once/)
  })

  test('a claim that is broken off with its scenario is neither met nor missed', async () => {
    await using server = await startServer()
    await server.client.set('broken:1', 'x', 'EX', 50)
    const claims: EventOf<'claim'>[] = []
    const stop = listen((event) => {
      if (event.kind === 'claim' && event.what.startsWith('broken:')) claims.push(event)
    })
    const over = new AbortController()
    const context: Context = {
      ...{
        scenario: '1',
        signal: over.signal,
        owe() {},
        own() {},
        countClaim() {},
        fail() {},
        workdir: () => '',
      },
    }
    const claim = runInContext(context, async () =>
      expect(keys(server.own, 'broken:*')).toExpire({ within: '60s' }),
    )
    await expect(keys(server.own, 'broken:*')).toHaveSize(1)
    const reason = new Error('the scenario is over')
    over.abort(reason)
    await assert.rejects(claim, reason)
    stop()
    assert.deepEqual([claims[0]?.matcher, claims[0]?.met, claims[0]?.aborted], ['toExpire', false, true])
  })
})
