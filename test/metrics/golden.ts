import assert from 'node:assert/strict'
import { ShakedownError } from '../../src/error.ts'

/** The error that a promise rejects with, which must be one of the project. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<ShakedownError> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof ShakedownError, String(error))
    return error
  }
  assert.fail('nothing was thrown')
}

/** The whole story of a failure, without what differs from run to run: ports, times, how often was looked, its line. */
export async function storyOf(promise: PromiseLike<unknown>): Promise<string> {
  const { message } = await errorOf(promise)
  return message
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    .replace(/^ {2}waited {4}\S+, \d+ reads?: /m, '  waited    TIME, READS: ')
    .replace(/ ×\d+/g, '')
    .replace(/(READS: ).{40,}$/m, '$1LONG')
    .replace(/^( {2}hint {6})\d+ of the reads/m, '$1N of the reads')
    .replace(/^ {2}at {8}.*$/m, '  at        LINE')
}
