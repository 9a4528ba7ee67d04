import { loaderOf } from '../lazy.ts'
import { createConsole } from './console.ts'
import { guardCommands } from './github.ts'
import type { Reporter } from './reporter.ts'
import type { ReporterName } from './reporter-names.ts'
import type { Screen } from './screen.ts'

const { lazily } = loaderOf(import.meta.url)
const createAgent = lazily<typeof import('./agent.ts')>('./agent')('createAgent')
const createDots = lazily<typeof import('./dot.ts')>('./dot')('createDots')
const createJsonLines = lazily<typeof import('./json.ts')>('./json')('createJsonLines')

/** What is known about where a run is told. */
export interface Place {
  /** The reporter that was asked for; without one the screen decides. */
  readonly name?: ReporterName | undefined
  readonly verbose: boolean
  /** A log of CI: no colours unless they are forced, nothing that is drawn over. */
  readonly isCi: boolean
  /** The log is read by GitHub's runner, which obeys what looks like a command. */
  readonly isGithub: boolean
  /** The folder that GitHub's annotations are relative to; the working directory where it is not given. */
  readonly workspace?: string | undefined
}

/** The reporter for a screen: the one that was asked for, else groups in GitHub, a live region in a terminal, plain lines in a pipe. */
export function createReporter(screen: Screen, place: Place): Reporter {
  const { name, verbose, isCi, isGithub, workspace } = place
  const github = name === undefined ? isGithub : name === 'github'
  const safe = isGithub && !github ? guardScreen(screen) : screen
  if (name === 'json') return createJsonLines(screen)
  if (name === 'agent') return createAgent(safe)
  if (name === 'dot') return createDots(safe)
  const style = isCi ? 'ci' : screen.isTTY && name === undefined ? 'terminal' : 'pipe'
  return createConsole(safe, { style, verbose, github, workspace })
}

/** Nothing that is told makes GitHub's runner do something. */
function guardScreen(screen: Screen): Screen {
  return Object.create(screen, { write: { value: (text: string) => screen.write(guardCommands(text)) } })
}
