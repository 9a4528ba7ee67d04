import type { PageModel } from '../model.ts'
import { find, make } from './dom.ts'

/** Whose lines are listed. */
export interface Sources {
  isChosen(source: number): boolean
}

/** A list of services to choose from, with how much each printed and where all of it is. */
export function mountSources(
  { logs, scripts }: PageModel,
  hue: (service: string) => number,
  changed: () => void,
): Sources {
  const left = new Set<number>()
  const boxes = logs.sources.map(({ service, script, total, file }, index) => {
    const box = make('input', { type: 'checkbox', checked: true })
    box.addEventListener('change', () => {
      if (box.checked) left.delete(index)
      else left.add(index)
      tell()
    })
    const name = scripts.length > 1 ? `${scripts[script]?.name} / ${service}` : service
    const label = make('label', {}, box, make('span', { class: 'source-name' }, name))
    label.style.setProperty('--hue', String(hue(service)))
    const lines = make('span', { class: 'aside' }, `${total.toLocaleString('en')} lines`)
    const link = file === undefined ? [] : [make('a', { href: encodeURI(file) }, 'file')]
    return { box, row: make('li', {}, label, lines, ...link) }
  })
  const tell = () => {
    const count = logs.sources.length - left.size
    find('source-count').textContent =
      left.size === 0 ? 'all services' : `${count} of ${logs.sources.length} services`
    changed()
  }
  const setAll = (isChosen: boolean) => {
    left.clear()
    for (const [index, { box }] of boxes.entries()) {
      box.checked = isChosen
      if (!isChosen) left.add(index)
    }
    tell()
  }
  find('sources').append(...boxes.map(({ row }) => row))
  find('sources-all').addEventListener('click', () => setAll(true))
  find('sources-none').addEventListener('click', () => setAll(false))
  return { isChosen: (source) => !left.has(source) }
}
