import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { createKeyHider } from '../src/redact-keys.ts'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trimEnd().split('\n')

test('of a private key nothing is left, however its lines arrive', () => {
  const lines = ['before', ...KEY, 'after']
  const expected = ['before', ...KEY.map(() => '[secret]'), 'after']
  for (let size = 1; size <= lines.length; size += 1) {
    const hide = createKeyHider()
    const shown: string[] = []
    for (let from = 0; from < lines.length; from += size) shown.push(...hide(lines.slice(from, from + size)))
    assert.deepEqual(shown, expected)
  }
})

test('a key that never ends hides nothing but itself', () => {
  const hide = createKeyHider()
  const shown = hide([...KEY.slice(0, 2), 'the disk is full: giving up', 'word', 'and more words'])
  assert.deepEqual(shown, ['[secret]', '[secret]', 'the disk is full: giving up', 'word', 'and more words'])
})

test('a certificate and a public key are no secrets', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const lines = publicKey.export({ type: 'spki', format: 'pem' }).toString().split('\n')
  assert.deepEqual(createKeyHider()(lines), lines)
})
