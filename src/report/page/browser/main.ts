import { hearCopying } from './copy.ts'
import { readModel } from './data.ts'
import { mountDetail } from './detail.ts'
import { find } from './dom.ts'
import { createHues } from './hues.ts'
import { hearShortcuts } from './keys.ts'
import { followLink } from './link.ts'
import { mountLogs } from './logs.ts'
import { mountSteps } from './steps.ts'
import { createStore } from './store.ts'
import { mountTheme } from './theme.ts'
import { mountTimeline } from './timeline.ts'
import { clampView } from './view.ts'

mountTheme()
hearCopying()
start().catch((error: unknown) => {
  find('broken').hidden = false
  find('broken').textContent = `The timeline cannot be shown: ${String(error)}`
})

async function start(): Promise<void> {
  const model = await readModel()
  const hue = createHues(model)
  const first = model.parts.findIndex(({ errors, outcome }) => outcome === 'failed' && errors.length > 0)
  const part = innermost(model.parts, first)
  const view = clampView({ from: 0, to: model.end }, model)
  const store = createStore({ part, view, scope: part < 0 ? 'run' : 'step', search: '' })
  mountTimeline(model, store, hue)
  mountSteps(model, store)
  mountDetail(model, store)
  mountLogs(model, store, hue)
  followLink(model, store)
  hearShortcuts(model, store)
  document.documentElement.dataset['ready'] = 'true'
}

/** A step fails because one inside of it does. */
function innermost(
  parts: readonly { readonly parent: number; readonly outcome: string }[],
  part: number,
): number {
  const inner = parts.findIndex(({ parent, outcome }) => parent === part && outcome === 'failed')
  return part < 0 || inner < 0 ? part : innermost(parts, inner)
}
