import { type FailureResult, failuresOf } from '../../failures.ts'
import { rerunCommand } from '../../rerun.ts'
import type { RunResult } from '../../result.ts'
import type { Kept } from '../collect/kept.ts'
import { html, type Markup } from '../markup.ts'
import { type Excerpt, foldersOf, readExcerpt } from '../source.ts'
import { verdictOf } from './verdict.ts'

const MOST = 50
const MOST_FILES = 12

/** What is known of a failure besides its error. */
export interface FailureFacts {
  /** What the link to its step names. */
  keyOf(failure: FailureResult): string | undefined
  /** What was kept when it happened. */
  keptOf(failure: FailureResult): Kept | undefined
}

/** What went wrong, in the words of the terminal, with the lines of the script; the first one open, further ones folded. */
export async function renderFailures(result: RunResult, about: FailureFacts): Promise<Markup> {
  const failures = failuresOf(result)
  if (failures.length === 0) return renderCauses(result)
  const folders = foldersOf(result.command)
  const shown = failures.slice(0, MOST)
  const excerpts = await Promise.all(shown.map(({ error }) => readExcerpt(error.at, folders)))
  const cards = shown.map((failure, index) =>
    renderFailure(failure, {
      result,
      excerpt: excerpts[index],
      key: about.keyOf(failure),
      kept: about.keptOf(failure),
      isOpen: index === 0,
    }),
  )
  const more = failures.length - shown.length
  return html`<section id="failures" aria-label="Failures">${cards}
${more > 0 && html`<p class="aside">${more} more failures are in the list of steps.</p>`}</section>`
}

/** A run that is red without a step that failed. */
function renderCauses(result: RunResult): Markup {
  const { causes, exit, finished } = result
  if (causes.length === 0 || (finished && exit === 0)) return html``
  return html`<section id="failures" aria-label="Failures"><article class="failure ${verdictOf(result).outcome}">
<pre class="error">${causes.join('\n')}</pre></article></section>`
}

interface Around {
  readonly result: RunResult
  readonly excerpt: Excerpt | undefined
  readonly key: string | undefined
  readonly kept: Kept | undefined
  readonly isOpen: boolean
}

function renderFailure(
  { path, error, part }: FailureResult,
  { result, excerpt, key, kept, isOpen }: Around,
): Markup {
  const link =
    key === undefined
      ? undefined
      : html`<a href="#step=${encodeURIComponent(key)}">show it in the timeline</a>`
  const command = part === undefined ? undefined : rerunCommand(result, path[0] ?? '')
  const body = html`<div class="failure-body${excerpt === undefined ? ' alone' : ''}">
<pre class="error" tabindex="0" aria-label="The error">${renderMessage(error.message)}</pre>
${excerpt !== undefined && renderExcerpt(excerpt)}</div>
<p class="again">${command !== undefined && html`<span class="aside">again</span> <code>${command}</code> <button type="button" class="quiet" data-copy="${command}">copy</button>`} ${link}</p>
${kept !== undefined && renderKept(kept)}`
  const title = html`<span class="mark-outcome failed" aria-hidden="true">✗</span> ${path.slice(0, -1).map((each) => html`<span class="path">${each} › </span>`)}${path.at(-1)}`
  if (isOpen) return html`<article class="failure"><h2>${title}</h2>${body}</article>`
  return html`<details class="failure"><summary><h2>${title}</h2><span class="aside">${error.title}</span></summary>${body}</details>`
}

function renderKept({ folder, files }: Kept): Markup {
  const links = files
    .slice(0, MOST_FILES)
    .map((file) => html`<a href="${encodeURI(`${folder}/${file}`)}">${file}</a> `)
  const more = files.length - links.length
  return html`<p class="again"><span class="aside">kept</span> ${links}${more > 0 && `and ${more} more`}</p>`
}

/** The words before values are quiet, so that the values are what is read. */
function renderMessage(message: string): readonly Markup[] {
  return message.split('\n').map((line, index) => {
    if (index === 0) return html`<b>${line}</b>`
    const [, name, rest] = /^( {2}[a-z]+ +)(.*)$/.exec(line) ?? []
    if (name === undefined) return html`\n${line}`
    return html`\n<span class="word">${name}</span>${rest}`
  })
}

function renderExcerpt({ file, line, lines }: Excerpt): Markup {
  const rows = lines.map(
    ({ number, text }) =>
      html`<span class="code-line${number === line ? ' here' : ''}"><i>${number}</i>${text === '' ? ' ' : text}</span>`,
  )
  return html`<figure class="source"><figcaption>${file}:${line}</figcaption><pre tabindex="0" aria-label="Lines of the script">${rows}</pre></figure>`
}
