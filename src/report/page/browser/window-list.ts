import { make } from './dom.ts'

/** A list of which only what is on the screen exists as elements. */
export interface WindowList {
  /** Shows so many rows from now on. */
  show(count: number): void
  /** Scrolls until this row is there. */
  reveal(index: number): void
  redraw(): void
}

const MORE = 12

/** Fills the box with rows of one height, however many there are; it scrolls as if all were there. */
export function createWindowList(
  box: HTMLElement,
  height: number,
  draw: (index: number) => HTMLElement,
): WindowList {
  const layer = make('div', { class: 'window-layer', role: 'list' })
  const room = make('div', { class: 'window-room' }, layer)
  box.append(room)
  let count = 0
  let drawn = { from: -1, to: -1 }
  const redraw = (isForced: boolean) => {
    const from = Math.max(0, Math.floor(box.scrollTop / height) - MORE)
    const to = Math.min(count, Math.ceil((box.scrollTop + box.clientHeight) / height) + MORE)
    if (!isForced && from === drawn.from && to === drawn.to) return
    drawn = { from, to }
    layer.style.transform = `translateY(${from * height}px)`
    layer.replaceChildren(...Array.from({ length: Math.max(0, to - from) }, (_, at) => draw(from + at)))
  }
  box.addEventListener('scroll', () => redraw(false), { passive: true })
  new ResizeObserver(() => redraw(false)).observe(box)
  return {
    show(next) {
      count = next
      room.style.height = `${count * height}px`
      redraw(true)
    },
    reveal(index) {
      box.scrollTop = Math.max(0, index * height - box.clientHeight / 2)
      redraw(true)
    },
    redraw: () => redraw(true),
  }
}
