import { find } from './dom.ts'

/** The button between light and dark; without a choice it is what the system wants. */
export function mountTheme(): void {
  const button = find('theme')
  const root = document.documentElement
  const isDark = () =>
    (root.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) ===
    'dark'
  button.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark'
    dispatchEvent(new Event('theme'))
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    dispatchEvent(new Event('theme')),
  )
}
