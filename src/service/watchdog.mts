// Holds one end of a pipe whose other end only the runner has. When it closes, however the runner ended, everything that the
// runner started is ended and removed, and so is this process. Started with the folder of the run.
import { rmSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { cleanRun, leaveWord } from './clean.ts'
import { freshFolder } from './state.ts'

const [folder = ''] = process.argv.slice(2)

// Ctrl-C and a closing terminal are for the runner to answer.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(signal, () => {})

process.stdin.on('error', watch).on('close', watch).on('data', prepare).resume()

// Most are killed, when everything is done: what they compiled would never be kept, and the next one would do it again.
flushCompileCache()

let begun = false

/** What asks an engine is loaded before it is needed: on a busy machine that takes longer than the asking. */
function prepare(): void {
  import('./docker/remove.ts').then(
    () => flushCompileCache(),
    () => {
      // It will be tried again, and told, when it is needed.
    },
  )
}

async function watch(): Promise<void> {
  if (begun) return
  begun = true
  const cleaned = await cleanRun(folder, 'watchdog')
  rmSync(freshFolder(folder), { recursive: true, force: true })
  if (cleaned !== undefined) leaveWord(cleaned, folder)
  process.exit(0)
}
