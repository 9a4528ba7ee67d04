import assert from 'node:assert/strict'
import { ExpositionError } from '../../src/metrics/exposition-error.ts'
import { parse } from '../../src/metrics/parse.ts'

/** The error with which `parse` refuses a text; fails when it does not. */
export function refuse(source: string | Uint8Array, contentType?: string): ExpositionError {
  try {
    parse(source, contentType === undefined ? {} : { contentType })
  } catch (error) {
    assert.ok(error instanceof ExpositionError, `${error}`)
    return error
  }
  assert.fail(`accepted: ${source}`)
}
