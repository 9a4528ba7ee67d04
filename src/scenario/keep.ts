import { env, stdin } from 'node:process'
import { emit } from '../event.ts'

/** With `--keep`: stays up, says so, and goes on with Enter or when the signal aborts. */
export async function stayUp(title: string, signal: AbortSignal): Promise<void> {
  if (env['SHAKEDOWN_KEEP'] === undefined || signal.aborted) return
  emit({ kind: 'note', level: 'notice', text: `${title} is kept up: press Enter to stop everything` })
  await new Promise<void>((resolve) => {
    const go = () => {
      stdin.off('data', go)
      signal.removeEventListener('abort', go)
      stdin.pause()
      resolve()
    }
    stdin.on('data', go)
    stdin.resume()
    signal.addEventListener('abort', go, { once: true })
  })
}
