import { spawn } from 'node:child_process'
import { env } from 'node:process'
import { engineAddress } from './engine.ts'

/** Of very much output the end is kept: so many characters. */
const KEPT = 100_000

/** How a command of Docker's ended, and what it printed on both streams. */
export interface Printed {
  readonly code: number
  readonly printed: string
}

/** Runs a command of Docker's on the engine of this machine, without colours. Rejects only when it is aborted. */
export async function runDocker(
  program: string,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<Printed> {
  const child = spawn(program, words, {
    env: { ...env, DOCKER_HOST: engineAddress(), BUILDKIT_PROGRESS: 'plain' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  })
  let printed = ''
  const hear = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-KEPT)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const code = await new Promise<number>((settle) => {
    child.on('error', (error) => {
      printed += error.message
      settle(1)
    })
    child.on('close', (ended) => settle(ended ?? 1))
  })
  signal?.throwIfAborted()
  return { code, printed }
}

/** The last lines of what was printed. */
export function lastLines(printed: string, lines: number): string {
  return printed.trim().split('\n').slice(-lines).join('\n')
}
