import type { ErrorRecord, Event, Happening, Outcome } from '../../src/event.ts'

const BEGAN = Date.UTC(2026, 0, 1)

/** Writes a run by hand: each event says at which millisecond of the run it happens. */
export interface Stream {
  at(milliseconds: number, happening: Happening, where?: { scenario?: string; step?: string }): Stream
  /** `name` is its id, a space and its title. */
  scenario(name: string, time: Time, ending?: Ending): Stream
  step(name: string, time: Time, ending?: StepEnding): Stream
  /** In the order of their times. */
  readonly events: readonly Event[]
}

type Time = readonly [from: number, to: number]
type StepEnding = Ending & { readonly proves?: readonly string[] }

/** How a scenario or step ends; it passes where nothing is said. */
export interface Ending {
  readonly outcome?: Outcome
  readonly error?: ErrorRecord
  readonly reason?: string
}

/** A run of one script, empty so far. */
export function createStream(script = 'e2e/x.mts'): Stream {
  const events: Event[] = []
  const stream: Stream = {
    at(milliseconds, happening, where = {}) {
      events.push({ time: BEGAN + milliseconds, script, ...where, ...happening })
      return stream
    },
    scenario(name, [from, to], { outcome = 'passed', error, reason } = {}) {
      const [id, title] = splitName(name)
      const seconds = (to - from) / 1000
      stream.at(from, { kind: 'scenario:start', id, title, at: `${script}:3`, tags: [], timeout: 1000 })
      return stream.at(to, {
        kind: 'scenario:end',
        id,
        title,
        outcome,
        seconds,
        claims: 1,
        error,
        more: [],
        reason,
      })
    },
    step(name, [from, to], { outcome = 'passed', error, reason, proves = [] } = {}) {
      const [id, title] = splitName(name)
      const parent = id.split('.').slice(0, -1).join('.')
      const where = { scenario: id.split('.')[0] ?? '', ...(parent.includes('.') ? { step: parent } : {}) }
      const own = { id, parent, title, proves }
      stream.at(from, { kind: 'step:start', ...own, at: `${script}:7` }, where)
      const seconds = (to - from) / 1000
      return stream.at(to, { kind: 'step:end', ...own, outcome, seconds, error, reason }, where)
    },
    get events() {
      return events.toSorted((one, other) => one.time - other.time)
    },
  }
  return stream
}

/** The events of a run around these ones, which ended with that exit code. */
export function wholeRun(
  events: readonly Event[],
  exit = 0,
  causes: readonly string[] = [],
): readonly Event[] {
  const scripts = [...new Set(events.map(({ script }) => script))]
  const end = Math.max(BEGAN, ...events.map(({ time }) => time))
  const command = ['node', 'system_test.mts', '--quick']
  const mode = { name: 'quick' }
  return [
    {
      time: BEGAN,
      script: '',
      kind: 'run:start',
      run: 'run-1',
      command,
      mode,
      machine: {},
      scripts,
      results: 'results/run-1',
    },
    ...events,
    { time: end, script: '', kind: 'run:end', exit, causes, seconds: (end - BEGAN) / 1000 },
  ]
}

/** A failure with this title. */
export function failure(title: string, at?: string): ErrorRecord {
  const place = at === undefined ? '' : `\n  at        ${at}`
  return { code: 'failed', title, message: `${title}\n  expected  1\n  last      2${place}`, at }
}

function splitName(name: string): readonly [id: string, title: string] {
  const end = name.indexOf(' ')
  return [name.slice(0, end), name.slice(end + 1)]
}
