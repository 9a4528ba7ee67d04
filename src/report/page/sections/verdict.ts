import { formatDuration } from '../../../duration.ts'
import type { Outcome } from '../../../event.ts'
import { EXIT, isInterruption } from '../../../run/exit.ts'
import { failuresOf } from '../../failures.ts'
import { type RunResult, scenariosOf } from '../../result.ts'
import { html, type Markup } from '../markup.ts'

/** A run in one sentence, and the word that its colour is chosen by. */
export interface Verdict {
  readonly outcome: Outcome
  readonly word: string
  readonly sentence: string
}

/** How a run ended, in one sentence. */
export function verdictOf(result: RunResult): Verdict {
  const time = formatDuration(result.seconds * 1000)
  if (!result.finished) {
    const last = `after ${time} its last event was written`
    return {
      outcome: 'interrupted',
      word: 'Ended abruptly',
      sentence: `${last}, and the end of the run is missing`,
    }
  }
  if (isInterruption(result.exit ?? EXIT.passed)) {
    return {
      outcome: 'interrupted',
      word: 'Interrupted',
      sentence: `${describeCounts(result)} after ${time}`,
    }
  }
  if (result.exit === 0)
    return { outcome: 'passed', word: 'Passed', sentence: `${describeCounts(result)} in ${time}` }
  return { outcome: 'failed', word: 'Failed', sentence: `${describeFailed(result)} after ${time}` }
}

/** The head of the page. */
export function renderVerdict(result: RunResult, changes: string | undefined): Markup {
  const { outcome, word, sentence } = verdictOf(result)
  const date = new Date(result.began).toISOString().slice(0, 16).replace('T', ' ')
  const exit = result.exit === undefined ? 'no exit code' : `exit ${result.exit}`
  const facts = [String(result.mode['name'] ?? ''), exit, `${date} UTC`].filter((text) => text !== '')
  return html`<header class="top">
<h1><span class="verdict ${outcome}">${word}</span> <span>${sentence}</span></h1>
<nav aria-label="Sections"><a href="#explorer">Timeline</a> <a href="#changes">Changes</a> <a href="#requirements">Requirements</a> ${result.doubted !== undefined && html`<a href="#doubt">Doubt</a> `}<a href="#run">Run</a>
<button type="button" id="theme" class="quiet" aria-label="Switch between light and dark">◐</button></nav>
<p class="facts">${facts.join(' · ')}${changes !== undefined && html` · <a href="#changes">since the run before: ${changes}</a>`}</p>
</header>`
}

function describeCounts(result: RunResult): string {
  const scenarios = scenariosOf(result)
  const count = (outcome: Outcome) => scenarios.filter((scenario) => scenario.outcome === outcome).length
  const passed = `${count('passed')} of ${scenarios.length - count('skipped')} scenarios passed`
  const held = `${result.claims.met} claims held`
  return [
    passed,
    held,
    ...(count('interrupted') === 0 ? [] : [`${count('interrupted')} under way`]),
    ...(count('skipped') === 0 ? [] : [`${count('skipped')} skipped`]),
  ].join(', ')
}

function describeFailed(result: RunResult): string {
  const scenarios = scenariosOf(result)
  const failed = scenarios.filter(({ outcome }) => outcome === 'failed').length
  const [first] = failuresOf(result)
  const title = first?.path.at(-1)
  if (failed > 0 && title !== undefined)
    return `${failed} of ${scenarios.length} scenarios, first “${title}”,`
  if (title !== undefined) return `“${title}” did not end well,`
  if (result.leaks.length === 1) return 'one thing was left behind,'
  if (result.leaks.length > 1) return `${result.leaks.length} things were left behind,`
  return `${result.causes[0] ?? 'for a reason that no event tells'},`
}
