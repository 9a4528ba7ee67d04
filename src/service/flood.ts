import { setFlagsFromString } from 'node:v8'

/**
 * To be called when a service prints more than anybody reads: V8 answers much short-lived garbage with a young generation of
 * 50 MB, which it never gives back. It stays as large as it is from here on; that costs a few more, short collections.
 */
export function boundGarbage(): void {
  // Read whenever it would grow, so that it may be set while the process runs.
  setFlagsFromString('--semi-space-growth-factor=1')
}
