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

test('a secret is hidden in every form that programs give it', () => {
  const value = 'tr0ub4dor & "3"/ünder+cover'
  secret(value)
  const inBase64 = ['', 'a', 'ab', 'user:'].flatMap((before) =>
    (['base64', 'base64url'] as const).map((form) => Buffer.from(`${before}${value}!`).toString(form)),
  )
  const forms = [
    encodeURIComponent(value),
    encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
    new URLSearchParams({ p: value }).toString(),
    JSON.stringify({ p: value }),
    ...inBase64,
  ]
  for (const form of forms) {
    const shown = redact(`before ${form} after`)
    assert.match(shown, /^before .*\[secret\].* after$/)
    // What is left is less than three letters on each side: bits that belong to the neighbours, too.
    if (inBase64.includes(form)) assert.ok(shown.length <= 'before  after[secret]'.length + 14, shown)
  }
})

test('each line of a secret that has several is hidden, because a log has one at a time', () => {
  const value = '{\n  "private": "f00dcafe",\n  "of": "somebody"\n}'
  secret(value)
  assert.equal(redact('  "private": "f00dcafe",'), '[secret]')
  assert.equal(redact('}'), '}')
})

test('what looks like a secret is hidden although nobody has registered it', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['redis://default:s3cr@127.0.0.1:6379/0', 'redis://default:[secret]@127.0.0.1:6379/0'],
    ['amqp://:s3cr@h and postgres://me:pw@h/db', 'amqp://:[secret]@h and postgres://me:[secret]@h/db'],
    ['mysql --password=opensesame -u me', 'mysql --password=[secret] -u me'],
    ['GET /?access_token=abcdefgh&x=1', 'GET /?access_token=[secret]&x=1'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [secret]'],
    ['{"authorization":"Basic dXNlcjpwdw=="}', '{"authorization":"Basic [secret]"}'],
    [`key ${'AKIA'}ABCDEFGHIJKLMNOP.`, 'key [secret].'],
    [`${'ghp_'}${'a1'.repeat(18)}`, '[secret]'],
    [`${'xoxb'}-1234567890-abc`, '[secret]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '[secret]'],
    [`-----BEGIN ${'PRIVATE'} KEY-----\nabc\n-----END ${'PRIVATE'} KEY-----`, '[secret]'],
  ]
  for (const [text, shown] of cases) assert.equal(redact(text), shown)
})

test('what only resembles one stays, so that a message can be read', () => {
  for (const text of [
    'http://127.0.0.1:8080/a:b@c',
    'user@host: no such token',
    'max_tokens=100',
    'Basic authentication is needed',
    'passwd=short',
    'the box eyJ is empty',
    'see https://example.org/path?q=me@example.org',
  ])
    assert.equal(redact(text), text)
})

test('the password in an address that a variable has is secret by itself', () => {
  registerSecretsIn({ DATABASE_URL: 'postgres://me:p%40ssw0rd@h/db', OTHER: 'http://127.0.0.1:1/' })
  assert.equal(redact('tried p@ssw0rd and p%40ssw0rd'), 'tried [secret] and [secret]')
})

test('a line of any length is looked at in no time', () => {
  const began = performance.now()
  for (const piece of [
    'a',
    'eyJ',
    '://',
    '://a:',
    'password=',
    'authorization: bearer ',
    '-----BEGIN PRIVATE KEY-----',
    '@',
  ])
    redact(`${piece.repeat(16_384)}@`)
  assert.ok(performance.now() - began < 20_000, 'it grows with the square of the length')
})
