import { env, stderr, stdout } from 'node:process'
import { mode } from '../mode.ts'
import { createConsole } from '../report/console.ts'
import type { Reporter } from '../report/reporter.ts'
import { openScreen } from '../report/screen.ts'

/** The console of this process: a terminal, a pipe or a CI log, whichever it writes to. */
export function openConsole(options: { readonly verbose: boolean }): Reporter {
  const screen = openScreen(stdout, env, [stderr])
  const isCi = mode.name === 'ci' || (env['CI'] ?? '') !== ''
  const style = isCi ? 'ci' : screen.isTTY ? 'terminal' : 'pipe'
  return createConsole(screen, {
    style,
    verbose: options.verbose,
    github: env['GITHUB_ACTIONS'] === 'true',
    workspace: env['GITHUB_WORKSPACE'],
  })
}
