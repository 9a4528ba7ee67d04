import { onInterrupt, onLastResort } from '../interrupt.ts'
import { dismantleAll, live } from './dismantle.ts'

let registered = false

/**
 * Sees to it, once, that no service outlives this process: a script that has come to its end, Ctrl-C and SIGTERM stop them
 * in order; `process.exit` and errors that nobody caught end them at once.
 */
export function endWithProcess(): void {
  if (registered) return
  registered = true
  onInterrupt(endInOrder)
  onLastResort(endNow)
  process.on('beforeExit', () => {
    // A service that did not end cleanly is an error that nobody caught: Node tells it and exits with 1.
    if (live.size > 0) void endInOrder()
  })
  process.on('exit', endNow)
}

async function endInOrder(): Promise<void> {
  const ends = await Promise.allSettled(dismantleAll([...live]).values())
  const [first, ...more] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
  if (more.length > 0)
    throw new AggregateError([first, ...more], `${more.length + 1} services did not end cleanly`)
  if (first !== undefined) throw first
}

function endNow(): void {
  for (const { launch } of live) launch?.handle.killNow()
}
