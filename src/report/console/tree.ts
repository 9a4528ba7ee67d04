import type { Event, Outcome } from '../../event.ts'
import { toOneLine } from '../clean.ts'
import type { Style } from './style.ts'

/** Where lines go: one at a time, each with the script and scenario that it belongs to and how deep it stands. */
export interface Output {
  line(place: Place, text: string): void
  /** Several lines that must stay together, with nothing in front but the depth. */
  block(place: Place, lines: readonly string[]): void
  /** A sign of life, where lines are kept for later; elsewhere it is a line like others. */
  live?(place: Place, text: string): void
}

/** Where a line stands. */
export interface Place {
  readonly script: string
  readonly scenario: string | undefined
  readonly depth: number
  /** Scenarios of the script run side by side, so that the script alone does not say whose line it is. */
  readonly isShared: boolean
}

/** Puts lines under the scenario or step that they belong to. */
export interface Tree {
  begin(event: Event, part: { readonly id: string; readonly parent?: string; readonly title: string }): void
  /** Ends a part with its outcome and the text behind it, and says where it stood. */
  end(event: Event, part: Ending): Place
  /** True while a step of that title is under way in the part in which the event happened. */
  isUnderWay(event: Event, title: string): boolean
  /** Shows a line at once, below the part in which it happened. */
  say(event: Event, text: string): void
  /** Shows that something goes on in the part in which it happened. */
  live(event: Event, text: string): void
  /** Shows a line below the step in which it happened, when that has ended. */
  add(event: Event, text: string): void
  /** Where a line of this event stands. */
  placeOf(event: Event): Place
}

/** How a scenario or step ended, and what is said about it. */
export interface Ending {
  readonly id: string
  readonly outcome: Outcome
  readonly text: string
}

interface Node {
  readonly place: Place
  readonly parent: Node | undefined
  readonly title: string
  /** True once its own line was shown: from then on everything in it is shown at once. */
  opened: boolean
  readonly details: string[]
}

/** A tree whose scenarios open at once and whose steps open as soon as something in them must be shown before their end. */
export function createTree(output: Output, style: Style, options: { readonly eager: boolean }): Tree {
  const nodes = new Map<string, Node>()
  const shared = new Set<string>()
  const find = (event: Event, id: string | undefined) => nodes.get(`${event.script}\n${id ?? ''}`)
  const nodeOf = (event: Event) =>
    find(event, event.step) ?? find(event, event.scenario) ?? onlyScenario(event)

  /** What is stopped after a scenario's own code has ended says no longer where it belongs; mostly there is but one place. */
  function onlyScenario(event: Event): Node | undefined {
    if (event.script === '') return undefined
    const open = scenariosIn(event.script)
    return open.length === 1 ? open[0] : undefined
  }

  function scenariosIn(script: string): readonly Node[] {
    return [...nodes.values()].filter(({ place, parent }) => place.script === script && parent === undefined)
  }

  /** From the second scenario that is under way, until none is any more. */
  function isShared(script: string): boolean {
    const amount = scenariosIn(script).length
    if (amount > 1) shared.add(script)
    if (amount === 0) shared.delete(script)
    return shared.has(script)
  }

  function show(node: Node, depth: number, text: string): void {
    output.line({ ...node.place, depth, isShared: isShared(node.place.script) }, text)
  }

  function open(node: Node | undefined): void {
    if (node === undefined || node.opened) return
    open(node.parent)
    node.opened = true
    show(node, node.place.depth, `${style.paint('dim', style.signs.open)} ${node.title}`)
    for (const detail of node.details.splice(0)) show(node, node.place.depth + 1, detail)
  }

  function placeOf(event: Event): Place {
    const place = nodeOf(event)?.place
    const { script, scenario } = place ?? event
    return {
      script,
      scenario,
      depth: place === undefined ? 0 : place.depth + 1,
      isShared: isShared(event.script),
    }
  }

  return {
    placeOf,
    isUnderWay(event, title) {
      const outer = nodeOf(event)
      return [...nodes.values()].some((node) => node.parent === outer && node.title === toOneLine(title))
    },
    begin(event, { id, parent, title }) {
      const outer = find(event, parent)
      const depth = outer === undefined ? 0 : outer.place.depth + 1
      const scenario = outer === undefined ? id : outer.place.scenario
      const place = { script: event.script, scenario, depth, isShared: false }
      const node: Node = { place, parent: outer, title: toOneLine(title), opened: false, details: [] }
      nodes.set(`${event.script}\n${id}`, node)
      open(outer)
      if (outer === undefined || options.eager) open(node)
    },
    end(event, { id, outcome, text }) {
      const node = find(event, id)
      if (node === undefined) return placeOf(event)
      open(node.parent)
      show(node, node.place.depth, `${style.outcome(outcome)} ${text}`)
      for (const detail of node.details) show(node, node.place.depth + 1, detail)
      nodes.delete(`${event.script}\n${id}`)
      return { ...node.place, isShared: isShared(event.script) }
    },
    say(event, text) {
      open(nodeOf(event))
      output.line(placeOf(event), text)
    },
    live(event, text) {
      const title = nodeOf(event)?.title
      if (output.live === undefined) this.say(event, text)
      else output.live(placeOf(event), title === undefined ? text : `${text} (${title})`)
    },
    add(event, text) {
      const node = nodeOf(event)
      if (node === undefined || node.opened) output.line(placeOf(event), text)
      else node.details.push(text)
    },
  }
}
