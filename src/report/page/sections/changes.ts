import { formatDuration } from '../../../duration.ts'
import { EXIT, isInterruption } from '../../../run/exit.ts'
import type { Changes, TimeChange } from '../../changes.ts'
import type { HistoryEntry } from '../../history.ts'
import { createNames } from '../../names.ts'
import type { Pattern } from '../collect/patterns.ts'
import { html, type Markup } from '../markup.ts'

const MOST_TIMES = 15
const MOST_PATTERNS = 30

/** What is different from the run before, and how the last runs went. */
export function renderChanges(changes: Changes, now: HistoryEntry, patterns: readonly Pattern[]): Markup {
  const { previous } = changes
  const short = createShortening(now)
  const body =
    previous === undefined
      ? html`<p>There is no earlier run of these scripts in this mode to compare with.</p>`
      : renderBody(changes, previous, { patterns, short })
  return html`<section id="changes" class="sheet" aria-labelledby="changes-title"><h2 id="changes-title">What changed</h2>
${body}${renderRuns([...changes.earlier, now])}</section>`
}

/** The changes in a few words for the top of the page; undefined where nothing is different. */
export function describeChanges({
  newFailures,
  mended,
  times,
  facts,
  newPatterns,
}: Changes): string | undefined {
  const slower = times.filter(({ now, usual }) => now > usual).length
  const parts = [
    count(newFailures.length, 'new failure'),
    count(mended.length, 'mended', 'mended'),
    count(slower, 'slower', 'slower'),
    count(times.length - slower, 'faster', 'faster'),
    count(facts.length, 'other version'),
    count(newPatterns.length, 'new kind of log line', 'new kinds of log lines'),
  ].filter((part) => part !== '')
  return parts.length === 0 ? undefined : parts.join(', ')
}

function count(amount: number, one: string, many = `${one}s`): string {
  return amount === 0 ? '' : `${amount} ${amount === 1 ? one : many}`
}

interface Wording {
  readonly patterns: readonly Pattern[]
  short(test: string): string
}

/** `e2e/exporter_redis.mts: a step` as `redis: a step`. */
function createShortening({ tests }: HistoryEntry): (test: string) => string {
  const names = createNames()
  const split = (test: string) => test.indexOf(': ')
  names.add([...new Set(Object.keys(tests).map((test) => test.slice(0, split(test))))])
  return (test) => `${names.nameOf(test.slice(0, split(test)))}${test.slice(split(test))}`
}

function renderBody(changes: Changes, previous: HistoryEntry, { patterns, short }: Wording): Markup {
  const compared = html`<p class="aside">Compared with the run of ${dateOf(previous)}${changes.earlier.length > 1 && html`, times with the last ${changes.earlier.length} runs`}.${describePace(changes.pace)}</p>`
  const rows = [
    ...changes.newFailures.map(({ test, now, passedBefore }) =>
      row('failed', 'new failure', [
        short(test),
        now,
        `passed ${passedBefore === 1 ? 'once' : `${passedBefore} times`} before`,
      ]),
    ),
    ...changes.mended.map(({ test, before }) => row('passed', 'mended', [short(test), `was: ${before}`, ''])),
    ...changes.facts.map(({ what, before, now }) =>
      row('', 'other version', [what, `${before} → ${now}`, '']),
    ),
    ...changes.newFindings.map((id) => row('', 'new finding', [id, '', ''])),
    ...changes.goneFindings.map((id) => row('', 'finding is gone', [id, '', ''])),
    ...renderPatterns(changes.newPatterns, patterns),
    ...changes.times.slice(0, MOST_TIMES).map((time) => renderTime(time, short(time.what))),
  ]
  if (rows.length === 0)
    return html`${compared}<p>Nothing is different beyond what is usual between runs.</p>`
  const more = changes.times.length - MOST_TIMES
  return html`${compared}<table><thead><tr><th scope="col">what</th><th scope="col">where</th><th scope="col">how</th><th scope="col">since</th></tr></thead><tbody>${rows}</tbody></table>
${more > 0 && html`<p class="aside">${more} further times are different, by less.</p>`}`
}

function describePace(pace: number): string {
  if (Math.abs(pace - 1) < 0.15) return ''
  const factor = pace > 1 ? `${pace.toFixed(1)} times as long` : `${Math.round((1 - pace) * 100)} % less`
  return ` Everything took ${factor}, as it does when a machine is ${pace > 1 ? 'busier' : 'less busy'}; what is told below goes beyond that.`
}

function row(look: string, what: string, [where, how, more]: readonly [string, string, string]): Markup {
  return html`<tr><td class="${look}">${what}</td><th scope="row">${where}</th><td>${how}</td><td class="aside">${more}</td></tr>`
}

function renderTime({ kind, usual, now, runs }: TimeChange, what: string): Markup {
  const factor =
    now > usual
      ? `${(now / Math.max(1, usual)).toFixed(1)} times as long`
      : `${Math.round((1 - now / Math.max(1, usual)) * 100)} % less`
  const name = kind === 'boot' ? `boot of ${what}` : what
  const how = `${formatDuration(usual)} → ${formatDuration(now)}, ${factor}`
  return row('', now > usual ? 'slower' : 'faster', [
    name,
    how,
    runs === 1 ? 'one run' : `middle of ${runs} runs`,
  ])
}

/** Errors first: a new kind of line at all is often just another path through the program. */
function renderPatterns(ids: readonly string[], patterns: readonly Pattern[]): readonly Markup[] {
  const fresh = patterns.filter(({ id }) => ids.includes(id))
  const sorted = fresh.toSorted((one, other) => weigh(other) - weigh(one))
  const rows = sorted
    .slice(0, MOST_PATTERNS)
    .map(({ service, example, count }) =>
      row('', 'new log line', [service, example, count === 1 ? 'once' : `${count} times`]),
    )
  const more = sorted.length - rows.length
  return more > 0 ? [...rows, row('', 'new log line', ['', `${more} further kinds`, ''])] : rows
}

function weigh({ example, isError }: Pattern): number {
  return (/error|fatal|critical|exception|panic/i.test(example) ? 2 : 0) + (isError ? 1 : 0)
}

/** The last runs side by side: how long each took, in the colour of its outcome. */
function renderRuns(entries: readonly HistoryEntry[]): Markup {
  if (entries.length < 2) return html``
  const longest = Math.max(...entries.map(({ seconds }) => seconds), 0.001)
  const bars = entries.map((entry, index) => {
    const { seconds } = entry
    const outcome = outcomeOf(entry)
    const height = Math.max(2, Math.round((seconds / longest) * 40))
    const text = `${dateOf(entry)}: ${outcome} after ${formatDuration(seconds * 1000)}`
    const x = index * 14
    return html`<rect class="${outcome}" x="${x}" y="${40 - height}" width="10" height="${height}"><title>${text}</title></rect>`
  })
  const label = `The last ${entries.length} runs, the newest at the right; the longest took ${formatDuration(longest * 1000)}`
  return html`<figure class="runs"><svg role="img" aria-label="${label}" width="${entries.length * 14}" height="40">${bars}</svg><figcaption class="aside">${label}</figcaption></figure>`
}

function outcomeOf({ exit, finished }: HistoryEntry): string {
  if (!finished || isInterruption(exit ?? EXIT.passed)) return 'interrupted'
  return exit === 0 ? 'passed' : 'failed'
}

function dateOf({ began }: HistoryEntry): string {
  return `${new Date(began).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
