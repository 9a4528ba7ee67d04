import { setTimeout } from 'node:timers/promises'

/** Lets time pass between two looks at a fact; rejects with the signal's reason. The only place where time is waited for. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, signal ? { signal } : {})
  } catch (error) {
    throw signal?.aborted === true ? signal.reason : error
  }
}
