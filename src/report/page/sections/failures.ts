import { type FailureResult, failuresOf } from '../../failures.ts'
import { rerunCommand } from '../../rerun.ts'
import type { RunResult } from '../../result.ts'
import { html, type Markup } from '../markup.ts'
import { type Excerpt, foldersOf, readExcerpt } from '../source.ts'

const MOST = 50

/** What went wrong, in the words of the terminal, with the lines of the script; the first one open, further ones folded. */
export async function renderFailures(
  result: RunResult,
  keyOf: (failure: FailureResult) => string | undefined,
): Promise<Markup> {
  const failures = failuresOf(result)
  if (failures.length === 0) return renderCauses(result)
  const folders = foldersOf(result.command)
  const shown = failures.slice(0, MOST)
  const excerpts = await Promise.all(shown.map(({ error }) => readExcerpt(error.at, folders)))
  const cards = shown.map((failure, index) =>
    renderFailure(failure, { result, excerpt: excerpts[index], key: keyOf(failure), isOpen: index === 0 }),
  )
  const more = failures.length - shown.length
  return html`<section id="failures" aria-label="Failures">${cards}
${more > 0 && html`<p class="aside">${more} more failures are in the list of steps.</p>`}</section>`
}

/** A run that is red without a step that failed. */
function renderCauses({ causes, exit, finished }: RunResult): Markup {
  if (causes.length === 0 || (finished && exit === 0)) return html``
  return html`<section id="failures" aria-label="Failures"><article class="failure">
<pre class="error">${causes.join('\n')}</pre></article></section>`
}

interface Around {
  readonly result: RunResult
  readonly excerpt: Excerpt | undefined
  readonly key: string | undefined
  readonly isOpen: boolean
}

function renderFailure(
  { path, error, part }: FailureResult,
  { result, excerpt, key, isOpen }: Around,
): Markup {
  const link =
    key === undefined
      ? undefined
      : html`<a href="#step=${encodeURIComponent(key)}">show it in the timeline</a>`
  const command = part === undefined ? undefined : rerunCommand(result, path[0] ?? '')
  const body = html`<div class="failure-body${excerpt === undefined ? ' alone' : ''}">
<pre class="error" tabindex="0" aria-label="The error">${renderMessage(error.message)}</pre>
${excerpt !== undefined && renderExcerpt(excerpt)}</div>
<p class="again">${command !== undefined && html`<span class="aside">again</span> <code>${command}</code> <button type="button" class="quiet" data-copy="${command}">copy</button>`} ${link}</p>`
  const title = html`<span class="mark-outcome failed" aria-hidden="true">✗</span> ${path.slice(0, -1).map((each) => html`<span class="path">${each} › </span>`)}${path.at(-1)}`
  if (isOpen) return html`<article class="failure"><h2>${title}</h2>${body}</article>`
  return html`<details class="failure"><summary><h2>${title}</h2><span class="aside">${error.title}</span></summary>${body}</details>`
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
