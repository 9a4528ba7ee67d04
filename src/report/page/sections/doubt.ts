import { formatDuration } from '../../../duration.ts'
import type { DoubtEnd } from '../../../event-doubt.ts'
import { cut } from '../collect/sample.ts'
import { html, type Markup } from '../markup.ts'

const WORDS = { unnoticed: 'nothing notices', unclear: 'unclear', defect: 'defect of shakedown' } as const
const LOOKS = { unnoticed: 'failed', unclear: '', defect: 'failed' } as const
const LONGEST = 300

/** Which checks cannot fail: what nobody noticed when it was falsified, and what could not be asked about. */
export function renderDoubt(doubted: DoubtEnd | undefined): Markup {
  if (doubted === undefined) return html``
  const { open, spared } = doubted
  return html`<section id="doubt" class="sheet" aria-labelledby="doubt-title"><h2 id="doubt-title">Doubt</h2>
<p>${describeDoubt(doubted)}</p>
${open.length > 0 && html`<table><thead><tr><th scope="col">outcome</th><th scope="col">if</th><th scope="col">where</th><th scope="col">claim</th></tr></thead><tbody>${open.map(renderOpen)}</tbody></table>`}
${spared.length > 0 && html`<details><summary>${spared.length} claims were not doubted</summary><table><thead><tr><th scope="col">claim</th><th scope="col">where</th><th scope="col">why</th></tr></thead><tbody>${spared.map(renderSpared)}</tbody></table></details>`}</section>`
}

/** What came of it, in one sentence. */
export function describeDoubt({ noticed, unnoticed, score, seconds }: DoubtEnd): string {
  const all = noticed + unnoticed
  if (all === 0) return 'There was no reading to falsify.'
  return `${noticed} of ${all} falsified readings were noticed, ${score} %. It took ${formatDuration(seconds * 1000)}.`
}

function renderOpen({ outcome, reading, words, at, claim, seen, by }: DoubtEnd['open'][number]): Markup {
  const about = [claim, seen === '' ? '' : `it was ${cut(seen, LONGEST)}`, by].filter((text) => text !== '')
  return html`<tr><td class="${LOOKS[outcome]}">${WORDS[outcome]}</td><th scope="row">${reading} ${words}</th><td>${at}</td><td class="aside">${about.join('; ')}</td></tr>`
}

function renderSpared({ at, what, claim, reason }: DoubtEnd['spared'][number]): Markup {
  const why = reason === undefined ? 'no reading in it could be falsified' : `trusted: ${reason}`
  return html`<tr><th scope="row">${cut(`${what} ${claim}`, LONGEST)}</th><td>${at}</td><td class="aside">${why}</td></tr>`
}
