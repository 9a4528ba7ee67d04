import { make, targetOf } from './dom.ts'

/** Buttons with `data-copy` put that text into the clipboard, and say so. */
export function hearCopying(): void {
  document.addEventListener('click', (event) => {
    const text = targetOf(event, 'copy')
    if (text === undefined || !(event.target instanceof HTMLElement)) return
    const button = event.target
    const label = button.textContent
    copy(text)
    button.textContent = 'copied'
    button.addEventListener('blur', () => (button.textContent = label), { once: true })
    button.addEventListener('pointerleave', () => (button.textContent = label), { once: true })
  })
}

/** A page that was opened from disk may not use the clipboard directly in every browser. */
function copy(text: string): void {
  const field = make('textarea', { 'aria-hidden': 'true', class: 'off-screen' })
  field.value = text
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}
