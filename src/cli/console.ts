import { mode } from '../mode.ts'
import { createReporter } from '../report/choose.ts'
import type { Reporter } from '../report/reporter.ts'
import type { ReporterName } from '../report/reporter-names.ts'
import { openScreen } from '../report/screen.ts'
import type { EventReporter } from './run-as-library.ts'

const { env } = process

/** How this process is to tell. */
export interface ConsoleWishes {
  readonly verbose: boolean
  /** What `--reporter` asked for, a name or what a file exports; without it the screen decides. */
  readonly reporter?: ReporterName | EventReporter | undefined
}

/** The console of this process: a terminal, a pipe or a CI log, whichever it writes to, or what was asked for. */
export function openConsole({ verbose, reporter }: ConsoleWishes): Reporter {
  if (typeof reporter === 'function') return { hear: reporter, finish: async () => {} }
  const screen = openScreen(process.stdout, env, [process.stderr])
  // What the script prints itself must not stand between the lines that a program reads.
  if (reporter === 'json') process.stdout.write = process.stderr.write.bind(process.stderr)
  const isForced = (env['FORCE_COLOR'] ?? '') !== '' && screen.colors
  return createReporter(screen, {
    name: reporter,
    verbose,
    isCi: (mode.name === 'ci' || (env['CI'] ?? '') !== '') && !isForced,
    isGithub: env['GITHUB_ACTIONS'] === 'true',
    workspace: env['GITHUB_WORKSPACE'],
  })
}
