import type { CallSite } from '../call-site.ts'
import { currentContext } from '../context.ts'

/** A promise that knows whether anybody waits for it. */
export interface Tracked<T> extends Promise<T> {}

/** What a step that ends too early is told about work that nobody awaited. */
interface Forgotten {
  readonly at: CallSite | undefined
  readonly title: string
  readonly hint: string
}

/**
 * Starts `work` and answers with its promise. A step fails that ends before somebody awaited it, naming the line: a
 * forgotten `await` would make the claim void.
 */
export function track<T>(forgotten: Forgotten, work: () => Promise<T>): Tracked<T> {
  let awaited = false
  let ended = false
  const promise = work().finally(() => {
    ended = true
  })
  // Its failure is told by whoever awaits it, or by the step that finds it was never awaited.
  promise.catch(() => {})
  // Awaited by somebody who did not wait for that himself: the step would end without knowing how it went.
  currentContext()?.owe({ ...forgotten, settled: () => awaited && ended })
  // An object of its own: `await` on a native promise never calls its `then`.
  return {
    // biome-ignore lint/suspicious/noThenProperty: being awaited is what is watched here
    then(onMet, onFailed) {
      awaited = true
      return promise.then(onMet, onFailed)
    },
    catch(onFailed) {
      awaited = true
      return promise.catch(onFailed)
    },
    finally(onEnd) {
      awaited = true
      return promise.finally(onEnd)
    },
    [Symbol.toStringTag]: 'Promise',
  }
}
