import assert from 'node:assert/strict'
import { Failure } from '../src/error.ts'

/** The Failure that a promise rejects with. */
export async function failureOf(promise: PromiseLike<unknown>): Promise<Failure> {
  try {
    await promise
  } catch (error) {
    assert.ok(error instanceof Failure, String(error))
    return error
  }
  assert.fail('it did not fail')
}
