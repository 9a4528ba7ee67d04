import { find, make } from './dom.ts'

/** The card beside the pointer. */
export interface Tip {
  show(lines: readonly string[], event: { readonly clientX: number; readonly clientY: number }): void
  hide(): void
}

const MOST_LINES = 9

/** A card that says what the pointer is on; it stays inside of the window. */
export function createTip(): Tip {
  const card = find('tip')
  return {
    show(lines, { clientX, clientY }) {
      const [title = '', ...rest] = lines.slice(0, MOST_LINES)
      card.replaceChildren(make('b', {}, title), ...rest.map((line) => make('div', {}, line)))
      card.hidden = false
      const { width, height } = card.getBoundingClientRect()
      const left = clientX + 14 + width > innerWidth ? clientX - width - 14 : clientX + 14
      const top = clientY + 18 + height > innerHeight ? clientY - height - 12 : clientY + 18
      card.style.left = `${Math.max(4, left)}px`
      card.style.top = `${Math.max(4, top)}px`
    },
    hide() {
      card.hidden = true
    },
  }
}
