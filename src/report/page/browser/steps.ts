import type { PageModel, PagePart } from '../model.ts'
import { find, findAs, make, targetOf } from './dom.ts'
import type { Store } from './store.ts'
import { formatSpan } from './time.ts'

/** What stands for an outcome, also without colours. */
export const MARKS = { passed: '✓', failed: '✗', skipped: '–', interrupted: '!' } as const

/** Lists scenarios and steps as a tree; arrows move, and what has the focus is chosen. */
export function mountSteps(model: PageModel, store: Store): void {
  const list = find('tree')
  const items = model.parts.map((part, index) => createItem(model, part, index))
  list.append(...items)
  list.addEventListener('click', (event) => {
    const index = targetOf(event, 'part')
    if (index !== undefined) store.set({ part: Number(index), scope: 'step' })
  })
  list.addEventListener('keydown', (event) => move(event, items, store))
  hearFilter(items, model)
  let shown: HTMLElement | undefined
  store.follow(({ part }, changed) => {
    if (!changed.has('part')) return
    shown?.setAttribute('aria-selected', 'false')
    if (shown !== undefined) shown.tabIndex = -1
    shown = items[part]
    const first = shown ?? items[0]
    if (first !== undefined) first.tabIndex = 0
    shown?.setAttribute('aria-selected', 'true')
    if (shown !== undefined) reveal(list, shown)
  })
}

function createItem(model: PageModel, part: PagePart, index: number): HTMLElement {
  const script = model.scripts.length > 1 && part.depth === 0 ? model.scripts[part.script]?.name : undefined
  const item = make(
    'li',
    {
      role: 'treeitem',
      tabindex: -1,
      class: `node node-${part.outcome}${part.depth === 0 ? ' node-scenario' : ''}`,
      'data-part': index,
      'aria-level': part.depth + 1,
      'aria-selected': 'false',
    },
    make(
      'span',
      { class: `mark-outcome ${part.outcome}`, title: part.outcome, role: 'img', 'aria-label': part.outcome },
      MARKS[part.outcome],
    ),
    make('span', { class: 'node-title' }, part.title),
    ...(script === undefined ? [] : [make('span', { class: 'chip' }, script)]),
    make('span', { class: 'node-time' }, formatSpan(part.to - part.from)),
  )
  item.style.setProperty('--depth', String(part.depth))
  return item
}

function move(event: KeyboardEvent, items: readonly HTMLElement[], store: Store): void {
  const visible = items.filter(({ hidden }) => !hidden)
  const now = visible.findIndex((item) => item.matches(':focus'))
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: now + 1,
    ArrowUp: now - 1,
    Home: 0,
    End: visible.length - 1,
  }
  const item = visible[targets[event.key] ?? -1]
  if (item === undefined) return
  event.preventDefault()
  store.set({ part: Number(item.dataset['part']), scope: 'step' })
  item.focus()
}

/** Steps whose title has the text; those that they are in stay, too. */
function hearFilter(items: readonly HTMLElement[], { parts }: PageModel): void {
  const field = findAs('step-search', HTMLInputElement)
  const onlyBad = findAs('only-bad', HTMLInputElement)
  const isAsked = ({ title, outcome, proves }: PagePart) =>
    `${title} ${proves.join(' ')}`.toLowerCase().includes(field.value.toLowerCase()) &&
    (!onlyBad.checked || outcome === 'failed' || outcome === 'interrupted')
  const filter = () => {
    const shown = new Set<number>()
    for (const [index, part] of parts.entries()) {
      if (!isAsked(part)) continue
      for (let at = index; at >= 0; at = parts[at]?.parent ?? -1) shown.add(at)
    }
    for (const [index, item] of items.entries()) item.hidden = !shown.has(index)
    find('no-step').hidden = shown.size > 0
  }
  field.addEventListener('input', filter)
  onlyBad.addEventListener('change', filter)
}

/** Scrolls the list, and not the page. */
function reveal(list: HTMLElement, item: HTMLElement): void {
  const above = item.offsetTop - list.scrollTop
  if (above < 0 || above + item.offsetHeight > list.clientHeight)
    list.scrollTop = item.offsetTop - list.clientHeight / 3
}
