import assert from 'node:assert/strict'
import { test } from 'node:test'
import { secret } from '../../src/redact.ts'
import { createLog } from '../../src/service/log.ts'

test('secrets are in no line of a log, in however many pieces they were printed', () => {
  secret('pieces-of-eight')
  const log = createLog('parrot')
  const pieces = [
    'pieces-',
    'of-',
    'eight\n',
    `-----BEGIN ${'PRIVATE'} KEY-----\n`,
    'MIGHAgEAMBMG',
    'ByqGSM49\nAgEGCCqG\n',
  ]
  for (const piece of [...pieces, `-----END ${'PRIVATE'} KEY-----\n`, 'good bye\n'])
    log.write('stdout', Buffer.from(piece))
  const texts = log.remembered().lines.map(({ text }) => text)
  assert.deepEqual(texts, ['[secret]', '[secret]', '[secret]', '[secret]', '[secret]', 'good bye'])
})
