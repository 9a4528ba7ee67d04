import { find } from './dom.ts'
import type { Store } from './store.ts'
import { formatMoment } from './time.ts'
import type { Tip } from './tip.ts'
import { around, clampView, type Extent, pan, zoom } from './view.ts'

interface Item {
  readonly about: readonly string[]
  readonly part: number
}

interface Surface {
  readonly box: HTMLElement
  readonly axis: HTMLElement
  readonly hair: HTMLElement
  readonly store: Store
  readonly model: Extent
  readonly tip: Tip
  itemOf(event: Event): Item | undefined
}

const DRAG_FROM = 4

/** The pointer in the timeline: hover tells, a click chooses, dragging zooms in, with Shift it pans, Ctrl and the wheel zoom. */
export function hearPointer(surface: Surface): void {
  const { box, axis, hair, store, model, tip, itemOf } = surface
  hearDrag(surface)
  box.addEventListener('pointermove', (event) => {
    const at = event.clientX - axis.getBoundingClientRect().left
    hair.hidden = at < 0 || at > axis.clientWidth
    hair.style.left = `${at}px`
    const item = itemOf(event)
    if (hair.hidden) tip.hide()
    else tip.show([...(item?.about ?? []), formatMoment(timeAt(surface, event.clientX))], event)
  })
  box.addEventListener('pointerleave', () => {
    hair.hidden = true
    tip.hide()
  })
  const onWheel = (event: WheelEvent) => {
    const isZoom = event.ctrlKey || event.metaKey
    if (!isZoom && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return
    event.preventDefault()
    const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 200)))
    const view = isZoom
      ? zoom(store.state.view, { factor, around: timeAt(surface, event.clientX) }, model)
      : pan(store.state.view, event.deltaX / axis.clientWidth, model)
    store.set({ view })
  }
  box.addEventListener('wheel', onWheel, { passive: false })
  box.addEventListener('dblclick', () => store.set({ view: clampView({ from: 0, to: model.end }, model) }))
}

function timeAt({ axis, store }: Surface, x: number): number {
  const { left, width } = axis.getBoundingClientRect()
  const { from, to } = store.state.view
  return from + ((x - left) / width) * (to - from)
}

function hearDrag(surface: Surface): void {
  const { box, axis, store, model, itemOf } = surface
  const range = find('range')
  let begun: { x: number; readonly isPan: boolean; readonly part: number } | undefined
  box.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || event.clientX < axis.getBoundingClientRect().left) return
    begun = { x: event.clientX, isPan: event.shiftKey, part: itemOf(event)?.part ?? -1 }
  })
  addEventListener('pointermove', (event) => {
    if (begun === undefined) return
    if (begun.isPan) {
      store.set({ view: pan(store.state.view, (begun.x - event.clientX) / axis.clientWidth, model) })
      begun.x = event.clientX
    } else showRange(range, { axis, box, from: begun.x, to: event.clientX })
  })
  addEventListener('pointerup', (event) => {
    if (begun === undefined) return
    const { x, isPan, part } = begun
    begun = undefined
    range.hidden = true
    if (isPan) return
    const [from, to] = [Math.min(x, event.clientX), Math.max(x, event.clientX)]
    if (to - from > DRAG_FROM)
      store.set({ view: clampView({ from: timeAt(surface, from), to: timeAt(surface, to) }, model) })
    else if (part >= 0) store.set({ part, scope: 'step' })
  })
}

function showRange(
  range: HTMLElement,
  { axis, box, from, to }: { axis: HTMLElement; box: HTMLElement; from: number; to: number },
): void {
  const { left, right } = axis.getBoundingClientRect()
  const { top, height } = box.getBoundingClientRect()
  const start = Math.max(left, Math.min(from, to))
  range.hidden = Math.abs(to - from) <= DRAG_FROM
  range.style.left = `${start}px`
  range.style.width = `${Math.min(right, Math.max(from, to)) - start}px`
  range.style.top = `${top}px`
  range.style.height = `${height}px`
}

interface Zoomed extends Extent {
  readonly parts: readonly { readonly from: number; readonly to: number }[]
}

/** The keyboard in the timeline: arrows pan and choose, plus and minus zoom, 0 shows all, Z the chosen step. */
export function hearKeys(box: HTMLElement, store: Store, model: Zoomed): void {
  const choose = (by: number) => {
    const part = Math.min(model.parts.length - 1, Math.max(0, store.state.part + by))
    if (model.parts.length > 0) store.set({ part, scope: 'step' })
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => store.set({ view: pan(store.state.view, -0.15, model) }),
    ArrowRight: () => store.set({ view: pan(store.state.view, 0.15, model) }),
    ArrowUp: () => choose(-1),
    ArrowDown: () => choose(1),
    '+': () => store.set({ view: zoom(store.state.view, { factor: 0.6 }, model) }),
    '=': () => store.set({ view: zoom(store.state.view, { factor: 0.6 }, model) }),
    '-': () => store.set({ view: zoom(store.state.view, { factor: 1.7 }, model) }),
    '0': () => store.set({ view: clampView({ from: 0, to: model.end }, model) }),
    z: () => {
      const part = model.parts[store.state.part]
      if (part !== undefined) store.set({ view: around(part, model) })
    },
  }
  box.addEventListener('keydown', (event) => {
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  })
}
