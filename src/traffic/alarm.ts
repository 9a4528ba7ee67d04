/** Calls one function, however often it is asked to. */
export interface Alarm {
  /** In the next check phase of the event loop. */
  soon(): void
  /** In the check phase after so many milliseconds, or up to 1 ms before; an alarm that is set stays as it is. */
  after(milliseconds: number): void
  /** Nothing is called from here on. */
  stop(): void
}

/**
 * An alarm that calls in the check phase, right after the poll phase: what the kernel knows about connections that
 * were closed has been seen by then, so that nothing is sent over one that the server gave up before.
 */
export function createAlarm(act: () => void): Alarm {
  let immediate: NodeJS.Immediate | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  function soon(): void {
    if (isStopped) return
    immediate ??= setImmediate(() => {
      immediate = undefined
      act()
    })
  }

  function after(milliseconds: number): void {
    if (isStopped) return
    timer ??= setTimeout(() => {
      timer = undefined
      soon()
    }, Math.floor(milliseconds))
  }

  function stop(): void {
    isStopped = true
    clearImmediate(immediate)
    clearTimeout(timer)
  }

  return { soon, after, stop }
}
