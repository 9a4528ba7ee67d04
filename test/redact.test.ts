import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redact, registerSecretsIn, secret } from '../src/redact.ts'

test('a registered text is hidden wherever it stands, whatever characters it has', () => {
  assert.equal(redact('nothing is registered: p(a$$.*w)rd'), 'nothing is registered: p(a$$.*w)rd')
  assert.equal(secret('p(a$$.*w)rd'), 'p(a$$.*w)rd')
  assert.equal(redact('p(a$$.*w)rd, and again p(a$$.*w)rd'), '[secret], and again [secret]')
})

test('a secret inside of another leaves nothing of it', () => {
  secret('inner-secret')
  secret('outer-inner-secret-outer')
  assert.equal(redact('outer-inner-secret-outer inner-secret'), '[secret] [secret]')
})

test('a text of five characters is no secret: it occurs by chance', () => {
  secret('admin')
  assert.equal(redact('admin'), 'admin')
})

test('variables whose name says so are secret, others are not', () => {
  registerSecretsIn({
    DB_PASSWORD: 'value-one',
    API_TOKEN: 'value-two',
    client_secret: 'value-three',
    SIGNING_KEY: 'value-four',
    KEY: 'value-five',
    MONKEY: 'value-six',
    KEYBOARD: 'value-seven',
    EMPTY_TOKEN: undefined,
  })
  assert.equal(
    redact('value-one value-two value-three value-four value-five value-six value-seven'),
    '[secret] [secret] [secret] [secret] [secret] value-six value-seven',
  )
})
