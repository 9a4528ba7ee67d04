import { type Event, emit, listen } from '../event.ts'
import { WISH } from './selection.ts'

const { env } = process

const running = new Map<string, string>()
let isAlone = false

/**
 * With `--keep`: stays up, says so and where everything is, and goes on with Enter, with the end of its input, or when the
 * signal aborts.
 */
export async function stayUp(title: string, signal: AbortSignal): Promise<void> {
  if (env[WISH.keep] === undefined || signal.aborted) return
  for (const [name, address] of running) tell(`${name}  ${address}`)
  tell(`${title} is kept up: press Enter to stop everything`)
  const isShared = process.stdin.readableFlowing === true
  await new Promise<void>((resolve) => {
    const go = () => {
      for (const event of GO_ON) process.stdin.off(event, go)
      signal.removeEventListener('abort', go)
      // Under the runner somebody else listens, too, and goes on doing so.
      if (isShared) process.stdin.unref()
      else process.stdin.pause()
      resolve()
    }
    for (const event of GO_ON) process.stdin.once(event, go)
    signal.addEventListener('abort', go, { once: true })
    if (isShared) process.stdin.ref()
    else process.stdin.resume()
    if (process.stdin.readableEnded || isAlone) go()
  })
}

/** Learns where services are, from now on: for what is told when everything is kept up. */
export function followAddresses(): void {
  if (env[WISH.keep] !== undefined) listen(follow)
}

/** Says that nobody will ever press Enter. */
export function noteNoInput(): void {
  isAlone = true
}

const GO_ON = ['data', 'end', 'close'] as const

function follow(event: Event): void {
  if (event.kind === 'service:ready') running.set(event.service, Object.values(event.endpoints).join('  '))
  if (event.kind === 'service:exit' || event.kind === 'service:stopped') running.delete(event.service)
}

function tell(text: string): void {
  emit({ kind: 'note', level: 'notice', text })
}
