import type { PageExchange, PageModel, PagePart } from '../model.ts'
import { type Card, createClaimCard, createLoadCard } from './checks.ts'
import { find, make } from './dom.ts'
import { drawPlot } from './plot.ts'
import { MARKS } from './steps.ts'
import type { Store } from './store.ts'
import { formatMoment, formatSpan } from './time.ts'

const MOST_CARDS = 200
const MOST_REQUESTS = 300

/** Shows what is known of the chosen step: why it failed, what was claimed, what was sent. */
export function mountDetail(model: PageModel, store: Store): void {
  const box = find('detail')
  let plots: readonly { destroy(): void }[] = []
  const show = () => {
    for (const plot of plots) plot.destroy()
    const part = model.parts[store.state.part]
    if (part === undefined) {
      box.replaceChildren(...overview(model))
      plots = []
      return
    }
    const cards = cardsOf(model, store.state.part)
    box.replaceChildren(
      ...heading(model, part),
      ...errorsOf(part),
      ...cards.map(({ element }) => element),
      ...requestsOf(model, store.state.part),
    )
    box.scrollTop = 0
    plots = cards.flatMap(({ plot }) => (plot === undefined ? [] : [drawPlot(plot.into, plot.data)]))
  }
  store.follow((_, changed) => {
    if (changed.has('part')) show()
  })
  addEventListener('theme', show)
}

function heading(model: PageModel, part: PagePart): readonly Node[] {
  const { from, to, at, outcome, title, key, proves, reason } = part
  const path: string[] = []
  for (let outer = part.parent; outer >= 0; outer = model.parts[outer]?.parent ?? -1)
    path.unshift(model.parts[outer]?.title ?? '')
  const facts = [
    `${formatMoment(from)} to ${formatMoment(to)}`,
    formatSpan(to - from),
    ...(at === undefined ? [] : [at]),
  ]
  const mark = { class: `mark-outcome ${outcome}`, role: 'img', 'aria-label': outcome }
  const link = { class: 'permalink', href: linkTo(part), 'aria-label': `link to ${key}` }
  const chips = proves.map((id) => make('span', { class: 'chip' }, id))
  return [
    make(
      'header',
      { class: 'detail-head' },
      ...(path.length === 0 ? [] : [make('div', { class: 'path' }, `${path.join(' › ')} ›`)]),
      make('h3', {}, make('span', mark, MARKS[outcome]), title, make('a', link, '#')),
      make('div', { class: 'facts' }, facts.join(' · '), ...chips),
      ...(reason === undefined ? [] : [make('p', { class: 'summary' }, reason)]),
    ),
  ]
}

function linkTo({ key }: PagePart): string {
  return `#step=${encodeURIComponent(key)}`
}

function errorsOf(part: PagePart): readonly Node[] {
  return part.errors.map((text) => make('pre', { class: 'error' }, text))
}

/** What was claimed and sent in the step, in the order in which it began; of an outer step also what is in its inner ones. */
function cardsOf(model: PageModel, part: number): readonly Card[] {
  const within = isWithin(model, part)
  const claims = model.claims
    .filter(within)
    .map((claim) => ({ from: claim.from, make: () => createClaimCard(claim) }))
  const loads = model.loads
    .filter(within)
    .map((load) => ({ from: load.from, make: () => createLoadCard(load) }))
  const all = [...claims, ...loads].toSorted((one, other) => one.from - other.from)
  return all.slice(0, MOST_CARDS).map((card) => card.make())
}

function isWithin(model: PageModel, part: number): (item: { readonly part: number }) => boolean {
  const inside = new Set([part])
  for (const [index, { parent }] of model.parts.entries()) if (inside.has(parent)) inside.add(index)
  return (item) => inside.has(item.part)
}

function requestsOf(model: PageModel, part: number): readonly Node[] {
  const requests = model.exchanges.filter(isWithin(model, part))
  if (requests.length === 0) return []
  const shown = requests.slice(0, MOST_REQUESTS).map(requestRow)
  const head = ['at', 'request', 'answer', 'time'].map((name) => make('th', { scope: 'col' }, name))
  return [
    make('h4', {}, requests.length === 1 ? '1 request' : `${requests.length} requests`),
    make(
      'table',
      { class: 'requests' },
      make('thead', {}, make('tr', {}, ...head)),
      make('tbody', {}, ...shown),
    ),
  ]
}

function requestRow({ method, url, status, error, from, to, service }: PageExchange): HTMLElement {
  const where = service === undefined ? url : `${service}${url.replace(/^\w+:\/\/[^/]*/, '')}`
  const isBad = error !== undefined || (status ?? 0) >= 500
  return make(
    'tr',
    { class: isBad ? 'bad' : undefined },
    make('td', { class: 'number' }, formatMoment(from)),
    make('td', { title: url }, `${method} ${where}`),
    make('td', {}, error ?? String(status ?? '–')),
    make('td', { class: 'number' }, formatSpan(to - from)),
  )
}

/** Where nothing is chosen: what the run waited for. */
function overview({ chain, end, parts }: PageModel): readonly Node[] {
  const links = chain
    .filter(({ kind, from, to }) => kind !== 'between' && to - from >= end / 100)
    .toSorted((one, other) => other.to - other.from - (one.to - one.from))
    .slice(0, 12)
  const rows = links.map(({ kind, what, from, to, part }) => {
    const step = parts[part]
    const name = step === undefined || step.title === what ? what : `${step.title} › ${what}`
    return make(
      'tr',
      {},
      make('td', { class: 'number' }, formatSpan(to - from)),
      make('td', { class: 'number' }, `${Math.round(((to - from) / end) * 100)} %`),
      make('td', { class: 'kind' }, kind),
      make('td', {}, step === undefined ? name : make('a', { href: linkTo(step) }, name)),
    )
  })
  return [
    make(
      'p',
      { class: 'empty' },
      'Choose a step in the list or in the timeline to see what it claimed, sent and logged.',
    ),
    ...(rows.length === 0
      ? []
      : [
          make('h3', { class: 'small' }, 'What the run waited for'),
          make('table', { class: 'requests' }, make('tbody', {}, ...rows)),
        ]),
  ]
}
