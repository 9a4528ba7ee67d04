import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DoubtResult } from '../../src/doubt/result.ts'
import { runScript, type Told } from '../cli/script.ts'

/** What a doubted run told, and its `doubt.json` where it has one. */
export interface Doubted extends Told {
  readonly result: DoubtResult | undefined
}

/** Runs a script of `fixtures/doubt/` with `--doubt`, as its user would. */
export async function doubt(
  name: string,
  more: readonly string[] = [],
  flags: readonly string[] = ['--doubt'],
): Promise<Doubted> {
  const args = [`fixtures/doubt/${name}.mts`, '--quick', ...flags, ...more]
  const told = await runScript('src/cli/main.mts', { args: ['run', ...args] })
  const start = told.events.find((event) => event.kind === 'run:start')
  const file = start?.kind === 'run:start' ? join(start.run, 'doubt.json') : ''
  return { ...told, result: existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined }
}

/** The falsified readings with that outcome: `shop_memory_bytes is zero`, sorted. */
export function labels(result: DoubtResult | undefined, outcome: string): readonly string[] {
  const readings = result?.readings ?? []
  return readings
    .filter((one) => one.outcome === outcome)
    .map(({ reading, words }) => `${reading} ${words}`)
    .sort()
}
