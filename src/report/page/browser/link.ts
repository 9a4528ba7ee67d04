import type { PageModel } from '../model.ts'
import type { Store } from './store.ts'
import { around } from './view.ts'

/** The address says what is chosen, `#step=redis:1.3&q=error`: a link opens the page at the same place. */
export function followLink(model: PageModel, store: Store): void {
  const open = () => {
    const wanted = readLink(location.hash)
    const part = model.parts.findIndex(({ key }) => key === wanted.step)
    const found = model.parts[part]
    if (found === undefined) return
    const view = around(found, model)
    store.set({ part, scope: 'step', view, search: wanted.search ?? store.state.search })
    document.getElementById('explorer')?.scrollIntoView({ block: 'start' })
  }
  open()
  addEventListener('hashchange', open)
  let isFirst = true
  store.follow(({ part, search }, changed) => {
    // What the page itself has chosen at the start is nobody's wish.
    if (isFirst) {
      isFirst = false
      return
    }
    if (!changed.has('part') && !changed.has('search')) return
    const step = model.parts[part]?.key
    if (step === undefined) return
    const link = new URLSearchParams({ step, ...(search === '' ? {} : { q: search }) })
    // Replaced, so that the way back leads out of the page and not through every step.
    history.replaceState(null, '', `#${link}`)
  })
}

/** What an address asks for. */
export function readLink(hash: string): { readonly step?: string; readonly search?: string } {
  const link = new URLSearchParams(hash.slice(1))
  const step = link.get('step')
  const search = link.get('q')
  return { ...(step === null ? {} : { step }), ...(search === null ? {} : { search }) }
}
