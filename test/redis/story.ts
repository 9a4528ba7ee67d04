import assert from 'node:assert/strict'
import { ShakedownError } from '../../src/error.ts'

/** The whole text of the failure that a claim ends with, every measured time as `…`, the looks on the way left out. */
export async function failureOf(claim: Promise<unknown>): Promise<string> {
  const error: unknown = await claim.then(
    () => assert.fail('it passed'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ShakedownError)) throw error
  return error.message
    .replaceAll(/-?\d+(\.\d+)?(m?s|[hm] \d\d[ms])\b/g, '…')
    .replaceAll(/(waited +…, ).*/g, '$1…')
    .replaceAll(/( at +test\/\S+:)\d+/g, '$1…')
}
