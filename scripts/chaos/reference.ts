import { spawn } from 'node:child_process'
import { once } from 'node:events'

const TELLS_ITS_TIME =
  'const { user, system } = process.cpuUsage(); process.stdout.write(String((user + system) / 1000))'
/** Where nobody else works, a program of 25 ms takes about twice that, most of it the making of the process. */
const AT_REST = 2

/**
 * How many times slower than at rest this machine is at this moment, 1 at least: the time from a program's start to its end,
 * by the processor time that it used.
 */
export async function measureSlowdown(): Promise<number> {
  const began = performance.now()
  const child = spawn(process.execPath, ['--eval', TELLS_ITS_TIME], { stdio: ['ignore', 'pipe', 'ignore'] })
  let used = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    used += text
  })
  await once(child, 'close')
  return Math.max(1, (performance.now() - began) / Number(used) / AT_REST)
}
