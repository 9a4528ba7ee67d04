import type { PageModel } from '../model.ts'
import { find } from './dom.ts'
import type { Store } from './store.ts'

/** Keys that work everywhere but in fields: `/` searches the logs, `f` goes to the next failure, Escape chooses nothing. */
export function hearShortcuts({ parts }: PageModel, store: Store): void {
  const keys: Readonly<Record<string, () => void>> = {
    '/': () => find('log-search').focus(),
    f() {
      const failed = parts.flatMap(({ outcome, errors }, index) =>
        outcome === 'failed' && errors.length > 0 ? [index] : [],
      )
      const part = failed.find((index) => index > store.state.part) ?? failed[0]
      if (part !== undefined) store.set({ part, scope: 'step' })
    },
    Escape: () => store.set({ part: -1, scope: 'run' }),
  }
  addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined
    if (act === undefined || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  })
}
