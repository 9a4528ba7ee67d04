import type { PageModel } from '../model.ts'
import { find, findAs, make } from './dom.ts'
import { LEVELS, type Level, levelOf } from './level.ts'
import { createMatch, type Match } from './match.ts'
import { mountSources } from './sources.ts'
import type { State, Store } from './store.ts'
import { formatMoment } from './time.ts'
import { createWindowList } from './window-list.ts'

const ROW = 20

/** Lists what services printed: of the chosen step, in view, or all; by text, service and level. */
export function mountLogs(model: PageModel, store: Store, hue: (service: string) => number): void {
  const box = find('lines')
  const levels = findAs('level', HTMLSelectElement)
  const search = findAs('log-search', HTMLInputElement)
  const scope = findAs('scope', HTMLSelectElement)
  const levelAt = createLevels(model)
  let shown: readonly number[] = []
  let match: Match = createMatch('')
  const list = createWindowList(box, ROW, (index) =>
    drawLine(model, shown[index] ?? 0, { match, hue, levelAt }),
  )
  const sources = mountSources(model, hue, () => filter())
  const filter = () => {
    match = createMatch(search.value)
    search.setAttribute('aria-invalid', String(match.isBroken))
    shown = choose(model, store.state, { match, levelAt, isChosen: sources.isChosen, least: levels.value })
    list.show(shown.length)
    find('line-count').textContent = describeCount(shown.length, model.logs.text.length)
    const isQuiet = shown.length === 0 && store.state.search === '' && store.state.scope !== 'run'
    find('no-line').textContent = isQuiet ? 'Nothing was printed in this time.' : 'No line is like that.'
    find('no-line').hidden = shown.length > 0
  }
  levels.addEventListener('change', filter)
  search.addEventListener('input', () => store.set({ search: search.value }))
  scope.addEventListener('change', () => {
    if (scope.value === 'step' || scope.value === 'view' || scope.value === 'run')
      store.set({ scope: scope.value })
  })
  store.follow((state, changed) => {
    if (search.value !== state.search) search.value = state.search
    scope.value = state.scope
    const matters = changed.has('part') || changed.has('scope') || changed.has('search')
    if (!matters && !(changed.has('view') && state.scope === 'view')) return
    filter()
    if (changed.has('part') || changed.has('scope')) box.scrollTop = 0
  })
  hearWrap(box)
}

interface Choice {
  readonly match: Match
  readonly least: string
  levelAt(index: number): Level
  isChosen(source: number): boolean
}

/** The lines that are asked for, as positions. */
function choose({ logs, parts }: PageModel, state: State, choice: Choice): readonly number[] {
  const part = state.scope === 'step' ? parts[state.part] : undefined
  const window = part ?? (state.scope === 'view' ? state.view : undefined)
  const most = choice.least === '' ? -1 : LEVELS.findIndex((level) => choice.least.startsWith(level))
  const chosen: number[] = []
  for (const [index, text] of logs.text.entries()) {
    const time = logs.time[index] ?? 0
    if (window !== undefined && (time < window.from || time > window.to)) continue
    const source = logs.source[index] ?? 0
    if (part !== undefined && logs.sources[source]?.script !== part.script) continue
    if (!choice.isChosen(source)) continue
    if (most >= 0 && LEVELS.indexOf(choice.levelAt(index)) > most) continue
    if (choice.match.test(text)) chosen.push(index)
  }
  return chosen
}

/** Levels are looked up once a line, when they are first asked for. */
function createLevels({ logs }: PageModel): (index: number) => Level {
  const known: (Level | undefined)[] = []
  return (index) => {
    const level = known[index] ?? levelOf(logs.text[index] ?? '')
    known[index] = level
    return level
  }
}

function drawLine(
  { logs, scripts }: PageModel,
  index: number,
  { match, hue, levelAt }: { match: Match; hue(service: string): number; levelAt(index: number): Level },
): HTMLElement {
  const source = logs.sources[logs.source[index] ?? 0]
  const text = logs.text[index] ?? ''
  const stream = logs.stream[index]
  const level = stream === 2 ? 'gap' : levelAt(index)
  const parts = match.split(text).map((part, at) => (at % 2 === 1 ? make('mark', {}, part) : part))
  const script = scripts.length > 1 ? `${scripts[source?.script ?? 0]?.name} / ` : ''
  const line = make(
    'div',
    { class: `line line-${level}`, role: 'listitem', title: text.length > 100 ? text : undefined },
    make('span', { class: 'line-time' }, formatMoment(logs.time[index] ?? 0)),
    make(
      'span',
      { class: 'line-source', title: `${script}${source?.service ?? ''}${stream === 1 ? ', stderr' : ''}` },
      source?.service ?? '',
    ),
    make('span', { class: 'line-text' }, ...parts),
  )
  line.style.setProperty('--hue', String(hue(source?.service ?? '')))
  return line
}

function describeCount(shown: number, all: number): string {
  if (all === 1 && shown === 1) return '1 line'
  return shown === all
    ? `${all.toLocaleString('en')} lines`
    : `${shown.toLocaleString('en')} of ${all.toLocaleString('en')} lines`
}

/** A click on a line shows all of it, where it is longer than the window. */
function hearWrap(box: HTMLElement): void {
  const whole = find('whole-line')
  box.addEventListener('click', (event) => {
    const line = event.target instanceof Element ? event.target.closest('.line') : null
    whole.textContent = line?.querySelector('.line-text')?.textContent ?? ''
    whole.hidden = line === null
  })
}
