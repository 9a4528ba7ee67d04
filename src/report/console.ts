import { cleanDeep } from './clean.ts'
import { describeStart } from './console/start.ts'
import { createStyle } from './console/style.ts'
import { createTeller } from './console/teller.ts'
import { describeSummary } from './console/verdict.ts'
import { createVoice } from './console/voice.ts'
import { failuresOf } from './failures.ts'
import { annotate } from './github.ts'
import { createNames } from './names.ts'
import type { Reporter } from './reporter.ts'
import type { Screen } from './screen.ts'
import { createSummary } from './summary.ts'

/** How a console tells: what it may do to the screen, and how much it tells. */
export interface ConsoleOptions {
  /** `terminal` draws what is going on at the bottom, `pipe` and `ci` are plain lines, `ci` without colours. */
  readonly style: 'terminal' | 'pipe' | 'ci'
  /** Also every log line, claim, request and command, as they happen. */
  readonly verbose: boolean
  /** Groups and annotations for the log of GitHub Actions. */
  readonly github: boolean
  /** The folder that GitHub's annotations are relative to; the working directory where it is not given. */
  readonly workspace?: string | undefined
  /** Ends GitHub's obedience for the text of others; a random one where it is not given. */
  readonly token?: string | undefined
}

/** Tells a run on a screen: a line a step, failures complete and once, what was proven at the end. */
export function createConsole(screen: Screen, options: ConsoleOptions): Reporter {
  const { verbose, github, token, workspace } = options
  const style = createStyle({ colors: screen.colors && options.style !== 'ci', unicode: screen.unicode })
  const names = createNames()
  const { hear, result } = createSummary()
  const voice = createVoice(screen, { style, names, github, token, live: options.style === 'terminal' })
  const teller = createTeller(voice, { verbose, style, names, result })
  let told = false
  let begun = false

  function tellEnd(): void {
    if (told) return
    told = true
    voice.end()
    if (result.lastEvent === 0) return
    voice.write(describeSummary(result, { style, names, columns: screen.columns }))
    if (!github) return
    for (const line of annotate(failuresOf(result), workspace)) screen.write(`${line}\n`)
  }

  return {
    hear(unclean) {
      const event = cleanDeep(unclean)
      hear(event)
      if (event.kind === 'run:start') {
        // A script that is run by hand is known by the path that its events have.
        if (event.scripts.length > 1) names.add(event.scripts)
        // Of logs that were joined the first one's beginning is that of all.
        if (!begun) voice.write(describeStart(event, { style, columns: screen.columns }))
        begun = true
      }
      voice.hear(event)
      teller.hear(event)
    },
    async finish() {
      tellEnd()
    },
  }
}
