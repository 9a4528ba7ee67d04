import { pause } from './pause.ts'

/** What the promise resolves to, or undefined when that takes longer than so many milliseconds. Keeps the process alive meanwhile. */
export async function settleWithin<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  const settled = new AbortController()
  const late = pause(milliseconds, settled.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([promise, late])
  } finally {
    settled.abort()
  }
}
