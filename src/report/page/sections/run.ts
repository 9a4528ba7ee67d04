import { formatDuration } from '../../../duration.ts'
import { requirementsOf } from '../../requirements.ts'
import type { RunResult } from '../../result.ts'
import { cut } from '../collect/sample.ts'
import { html, type Markup } from '../markup.ts'

/** Which requirements were proven, failed or left out, and why; those that need a look come first. */
export function renderRequirements(result: RunResult): Markup {
  const all = [...requirementsOf(result)]
  const proven = all.filter(([, { outcome }]) => outcome === 'passed')
  const others = all.filter(([, { outcome }]) => outcome !== 'passed')
  const rows = others.map(
    ([
      id,
      { outcome, steps, reason },
    ]) => html`<tr><th scope="row">${id}</th><td><span class="outcome ${outcome}">${outcome}</span></td>
<td>${reason}</td><td>${[...new Set(steps.flatMap(({ path }) => path.at(-1) ?? []))].join(', ')}</td></tr>`,
  )
  const chips = proven.map(
    ([id, { steps }]) =>
      html`<li class="chip" title="${[...new Set(steps.map(({ path }) => path.join(' › ')))].join('\n')}">${id}</li> `,
  )
  return html`<section id="requirements" class="sheet" aria-labelledby="requirements-title"><h2 id="requirements-title">Requirements</h2>
<p>${all.length === 0 ? 'No step of this run says what it proves.' : `${proven.length} of ${all.length} were proven.`}</p>
${rows.length > 0 && html`<table><thead><tr><th scope="col">id</th><th scope="col">outcome</th><th scope="col">why</th><th scope="col">steps</th></tr></thead><tbody>${rows}</tbody></table>`}
${chips.length > 0 && html`<details ${rows.length === 0 && html`open`}><summary>proven</summary><ul class="chips">${chips}</ul></details>`}</section>`
}

/** What is not a failure and must be known all the same. */
export function renderLists(result: RunResult): Markup {
  return html`${renderList(
    'Known findings',
    result.findings.map(({ id, reason, seen }) => [id, reason, `seen: ${cut(seen, 200)}`]),
  )}
${renderList(
  'Left out',
  result.skipped.map(({ what, reason, proves }) => [what, reason, proves.join(' ')]),
)}
${renderList(
  'Left behind',
  result.leaks.map(({ what, detail, ended }) => [what, detail, ended ? 'was ended' : 'is still there']),
)}`
}

/** Mode, machine, command and versions: what somebody needs to have the same run again. */
export function renderRun(result: RunResult, versions: Readonly<Record<string, string>>): Markup {
  return html`<section id="run" class="sheet" aria-labelledby="run-title"><h2 id="run-title">Run</h2><div class="columns">
${renderFacts('Run', [
  ['command', result.command.join(' ')],
  ['began', new Date(result.began).toISOString()],
  ['took', formatDuration(result.seconds * 1000)],
  ['exit', result.exit === undefined ? 'none: it ended abruptly' : String(result.exit)],
  ...result.causes.map((cause): readonly [string, string] => ['cause', cause]),
  [
    'claims',
    `${result.claims.met} held, ${result.claims.missed} missed, ${result.claims.known} known to fail, ${result.claims.looks} looks`,
  ],
  ['results', result.results ?? ''],
])}
${renderFacts('Mode', entriesOf(result.mode))}
${renderFacts('Machine', entriesOf(result.machine))}
${renderFacts('Versions', Object.entries(versions))}</div></section>`
}

function renderList(title: string, items: readonly (readonly string[])[]): Markup {
  if (items.length === 0) return html``
  const different = new Map(items.map((item) => [item.slice(0, 2).join('\n'), item]))
  const rows = [...different.values()].map(
    ([name, why, more]) =>
      html`<tr><th scope="row">${name}</th><td>${why}</td><td class="aside">${more}</td></tr>`,
  )
  const id = title.toLowerCase().replaceAll(' ', '-')
  return html`<section class="sheet" aria-labelledby="${id}"><h2 id="${id}">${title}</h2><table class="list"><tbody>${rows}</tbody></table></section>`
}

function entriesOf(record: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return Object.entries(record).map(([key, value]) => [
    key,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ])
}

function renderFacts(title: string, facts: readonly (readonly [string, string])[]): Markup {
  if (facts.length === 0) return html``
  const rows = facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)
  return html`<div class="fact-list"><h3>${title}</h3><dl>${rows}</dl></div>`
}
