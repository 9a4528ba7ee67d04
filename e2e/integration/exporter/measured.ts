import type { Reading } from 'shakedown'

/** Something that was measured and cannot be looked at again, under a name that says in a failure what it is. */
export function measured<T>(describe: string, value: T): Reading<T> {
  return { describe, once: true, read: async () => value }
}
