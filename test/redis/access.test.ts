import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessTo, grantAccess } from '../../src/redis/access.ts'
import { keys } from '../../src/redis/keys.ts'
import { createSource } from '../../src/redis/target.ts'
import { ttl } from '../../src/redis/ttl.ts'
import { hash } from '../../src/redis/values.ts'
import { at, createReference } from '../../src/reference.ts'

function createAddress() {
  return createReference('redis', [{ name: 'redis' }], () => '127.0.0.1:1')
}

test('only what was granted is the own one, also through a reference made of it', () => {
  const cache = createAddress()
  assert.deepEqual(
    accessTo(cache, undefined),
    { own: false, prefix: '' },
    'of the run, and unknown: read only',
  )
  grantAccess(cache, { own: true, prefix: '' })
  assert.equal(accessTo(cache, undefined).own, true)
  assert.equal(accessTo(at`redis://${cache}/3`, undefined).own, true)
  assert.equal(
    accessTo(at`${createAddress()},${cache}`, undefined).own,
    false,
    'together with an unknown one',
  )
  assert.equal(accessTo(at`${cache},${createAddress()}`, undefined).own, false)
})

test('an address from elsewhere needs a prefix, and every pattern begins with it', () => {
  assert.throws(() => keys('127.0.0.1:1', '*'), /was not started by the script[\s\S]*prefix: 'mine:'/)
  assert.throws(
    () => keys('127.0.0.1:1', '*', { prefix: 'mine:' }),
    /\* would match keys that others keep in this Redis/,
  )
  assert.throws(() => keys('127.0.0.1:1', '?ine:*', { prefix: 'mine:' }), /begins with mine:/)
  assert.throws(() => keys('127.0.0.1:1', '[m]ine:*', { prefix: 'mine:' }), /begins with mine:/)
  assert.throws(
    () => hash('127.0.0.1:1', 'yours:1', { prefix: 'mine:' }),
    /the key yours:1 is not the script's/,
  )
  assert.throws(
    () => ttl('127.0.0.1:1', 'yours:1', { prefix: 'mine:' }),
    /the key yours:1 is not the script's/,
  )
  assert.equal(keys('127.0.0.1:1', 'mine:*', { prefix: 'mine:' }).describe, 'keys mine:* in 127.0.0.1:1')
})

test('a prefix that is a pattern, or none, is refused', () => {
  for (const prefix of ['*', 'a?', '[ab]', 'a\\']) {
    assert.throws(() => keys('127.0.0.1:1', `${prefix}*`, { prefix }), /not a prefix/, prefix)
  }
  assert.throws(() => keys('127.0.0.1:1', '*', { prefix: '' }), /an empty prefix makes every key/)
})

test('a prefix can be made narrower, never wider', () => {
  const cache = createAddress()
  grantAccess(cache, { own: false, prefix: 'mine:' })
  assert.equal(accessTo(cache, 'mine:a:').prefix, 'mine:a:')
  assert.throws(() => accessTo(cache, 'yours:'), /the prefix yours: is outside of mine:/)
})

test('addresses are read strictly, and passwords never shown', () => {
  const source = (address: string) => createSource(address, { prefix: 'p' }).target()
  assert.deepEqual(
    (({ host, port, db, username, password, tls }) => ({ host, port, db, username, password, tls }))(
      source('rediss://me:geheimnis@example.test:7000/2'),
    ),
    { host: 'example.test', port: 7000, db: 2, username: 'me', password: 'geheimnis', tls: true },
  )
  assert.equal(source('redis://[::1]').host, '::1')
  assert.equal(source('localhost').port, 6379)
  assert.equal(createSource('redis://:geheimnis@localhost', { prefix: 'p' }).name, 'localhost:6379')
  for (const wrong of [
    'http://localhost',
    'redis://',
    'redis://h/x',
    'h:99999999',
    'redis://me:geheimnis@h:1/x',
  ]) {
    assert.throws(
      () => source(wrong),
      (error: Error) =>
        /not the address of a Redis/.test(error.message) && !error.message.includes('geheimnis'),
      wrong,
    )
  }
  assert.throws(() => createSource('localhost', { prefix: 'p', db: -1 }), /not a database of Redis: -1/)
})

test('an address that is not known yet is told when it is read, not when it is written', async () => {
  const later = createReference('redis', [{ name: 'redis' }], (): string | undefined => undefined)
  grantAccess(later, { own: true, prefix: '' })
  const reading = keys(later, '*')
  await assert.rejects(() => reading.read(), /redis is not known yet/)
})
