import type { PageClaim, PageLoad } from '../model.ts'
import { make } from './dom.ts'
import { describeLooks } from './looks.ts'
import type { PlotData } from './plot.ts'
import { formatMoment, formatSpan } from './time.ts'

/** Something to show of a step; `plot` is drawn into its element once it is on the screen. */
export interface Card {
  readonly element: HTMLElement
  readonly plot?: { readonly into: HTMLElement; readonly data: PlotData } | undefined
}

const MARKS = { met: '✓', missed: '✗', known: '◆', 'broken off': '!' } as const

/** A claim: what was expected, what was seen last and on the way, and a plot where that were numbers. */
export function createClaimCard(claim: PageClaim): Card {
  const { what, expected, last, outcome, from, to, count, at } = claim
  const data = plotOf(claim)
  const into = make('div', { class: 'plot' })
  const time = count > 1 ? `${formatSpan(to - from)}, ${count} looks` : formatSpan(to - from)
  const element = make(
    'article',
    { class: `card check check-${outcome.replace(' ', '-')}${isShort(claim) ? ' card-short' : ''}` },
    make(
      'header',
      {},
      make('span', { class: 'check-mark', title: outcome }, MARKS[outcome]),
      make('b', {}, what),
      make(
        'span',
        { class: 'aside' },
        [formatMoment(from), time, ...(at === undefined ? [] : [at])].join(' · '),
      ),
    ),
    make(
      'dl',
      {},
      ...pair('expected', expected),
      ...pair('last', last),
      ...(count > 1 ? pair('looks', describeLooks(claim)) : []),
    ),
    ...(data === undefined ? [] : [into]),
  )
  return { element, plot: data === undefined ? undefined : { into, data } }
}

/** A load: how many requests a second there were, how many answers, errors, and how late they came. */
export function createLoadCard({ what, summary, crossed, from, series }: PageLoad): Card {
  const into = make('div', { class: 'plot' })
  const element = make(
    'article',
    { class: 'card' },
    make(
      'header',
      {},
      make('span', { class: 'check-mark' }, '⇄'),
      make('b', {}, `load on ${what}`),
      make('span', { class: 'aside' }, formatMoment(from)),
    ),
    make('p', { class: 'summary' }, summary),
    ...crossed.map((text) => make('p', { class: 'crossed' }, `crossed: ${text}`)),
    into,
  )
  if (series.length < 2) return { element }
  const column = (index: number) => series.map((row) => row[index] ?? 0)
  const hasErrors = column(3).some((value) => value > 0)
  const data: PlotData = {
    times: series.map((row) => from + (row[0] ?? 0)),
    lines: [
      { label: 'sent', color: 'accent', values: column(1) },
      { label: 'answered', color: 'passed', values: column(2) },
      ...(hasErrors ? [{ label: 'errors', color: 'failed', values: column(3) }] : []),
      { label: 'p95', color: 'known', values: series.map((row) => row[4] || null), isLatency: true },
    ],
  }
  return { element, plot: { into, data } }
}

/** What held and is quickly said needs one line only: there may be many of them. */
function isShort({ outcome, expected, last }: PageClaim): boolean {
  return outcome === 'met' && expected.length + last.length < 80
}

function pair(name: string, value: string): readonly HTMLElement[] {
  return [make('dt', {}, name), make('dd', {}, value)]
}

/** Only what changed is worth a plot: a value that was right at once is said in a word. */
function plotOf({ values, from, expected }: PageClaim): PlotData | undefined {
  if (values.length < 3 || new Set(values.map(([, value]) => value)).size < 2) return undefined
  return {
    times: values.map(([at]) => from + at),
    lines: [{ label: 'seen', color: 'accent', values: values.map(([, value]) => value), isStep: true }],
    expected: /^-?\d+(\.\d+)?$/.test(expected) ? Number(expected) : undefined,
  }
}
