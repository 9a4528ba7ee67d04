/** A part of the run on the screen, in milliseconds since it began. */
export interface View {
  readonly from: number
  readonly to: number
}

/** What a reader has chosen. */
export interface State {
  /** The chosen scenario or step; -1 for none. */
  readonly part: number
  readonly view: View
  /** Which lines are listed: those of the chosen step, those in view, or all. */
  readonly scope: 'step' | 'view' | 'run'
  readonly search: string
}

/** Keeps what is chosen, and tells everybody who shows it. */
export interface Store {
  readonly state: State
  set(change: Partial<State>): void
  /** Calls at once, and with every change; `changed` says what is new. */
  follow(show: (state: State, changed: ReadonlySet<keyof State>) => void): void
}

/** Begins with this choice. */
export function createStore(initial: State): Store {
  const followers: Parameters<Store['follow']>[0][] = []
  const keys: readonly (keyof State)[] = ['part', 'view', 'scope', 'search']
  let state = initial
  return {
    get state() {
      return state
    },
    set(change) {
      const next = { ...state, ...change }
      const changed = new Set(keys.filter((key) => next[key] !== state[key]))
      state = next
      if (changed.size > 0) for (const show of followers) show(state, changed)
    },
    follow(show) {
      followers.push(show)
      show(state, new Set(keys))
    },
  }
}
