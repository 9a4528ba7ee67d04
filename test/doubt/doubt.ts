import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DoubtResult } from '../../src/doubt/result.ts'
import { runScript, type Told } from '../cli/script.ts'

/** What a doubted run told, and its `doubt.json` where it has one. */
export interface Doubted extends Told {
  readonly result: DoubtResult | undefined
}

/** Runs a script of `fixtures/doubt/` with `--doubt`, as its user would: by `shakedown run`, or by hand where `command` is empty. */
export async function doubt(
  name: string,
  flags: readonly string[] = ['--doubt'],
  command: readonly string[] = ['src/cli/main.mts', 'run'],
): Promise<Doubted> {
  const words = [...command, `fixtures/doubt/${name}.mts`, '--quick', ...flags]
  const [file = '', ...args] = words
  const told = await runScript(file, { args })
  const start = told.events.find((event) => event.kind === 'run:start')
  const path = start?.kind === 'run:start' ? join(start.run, 'doubt.json') : ''
  return { ...told, result: existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined }
}

/** The falsified readings with that outcome: `shop_memory_bytes is zero`, sorted. */
export function labels(result: DoubtResult | undefined, outcome: string): readonly string[] {
  const readings = result?.readings ?? []
  return readings
    .filter((one) => one.outcome === outcome)
    .map(({ reading, words }) => `${reading} ${words}`)
    .sort()
}
