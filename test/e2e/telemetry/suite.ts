import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALONE, type Ended, root, run } from '../../scripts/project.ts'

const folder = mkdtempSync(join(tmpdir(), 'shakedown-telemetry-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

/** An environment in which runs keep what is theirs in a folder of this test file. */
export const own = { ...ALONE, SHAKEDOWN_STATE: join(folder, 'state'), NO_COLOR: '1' }

/** The words with which a run keeps its results there, too. */
export const results = ['--results', join(folder, 'results')] as const

/** Runs the telemetry suite to its end. */
export function runSuite(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return run([join(root, 'e2e/integration/telemetry/suite.mts'), ...args, ...results], {
    cwd: root,
    env: { ...own, ...env },
  })
}

/** Runs a target of the telemetry suite's makefile to its end; `args` are the suite's, `words` make's own: `TEST=…`. */
export function make(
  target: string,
  args: readonly string[] = [],
  { words = [], env = {} }: { readonly words?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const given = `ARGS=${[...args, ...results].join(' ')}`
  return run(['make', '-f', 'Makefile.process', target, given, ...words], {
    cwd: root,
    env: { ...own, ...env },
  })
}
