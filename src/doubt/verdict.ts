import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ErrorRecord, Event } from '../event.ts'
import type { Asked } from './questions.ts'

/** What became of a falsified run. `unclear`: the lie was never told, or what happened had nothing to do with it. */
export interface Verdict {
  readonly outcome: 'noticed' | 'unnoticed' | 'unclear' | 'defect'
  /** What went red, and where; why it is unclear. */
  readonly by: string
  /** The title of the innermost step that went red first; empty where none did. */
  readonly redStep: string
  /** The lines of all claims that went red. */
  readonly red: readonly string[]
  readonly seconds: number
}

const OWN_FOLDER = `${dirname(dirname(fileURLToPath(import.meta.url)))}${sep}`

/** Folds the events of a falsified run. */
export function judgeRun(asked: Asked, events: readonly Event[], seconds: number): Verdict {
  const isTold = events.some(({ kind }) => kind === 'doubt:told')
  const red = events.flatMap((event) =>
    event.kind === 'claim' && !event.met && event.aborted !== true && event.finding === undefined
      ? [event]
      : [],
  )
  const errors = events.flatMap((event) => {
    if (event.kind === 'scenario:end') return event.error ?? []
    return event.kind === 'teardown:error' ? event.error : []
  })
  const end = events.find((event) => event.kind === 'scenario:end' && event.title === asked.place.story)
  const [error] = errors
  const lines = [...red, ...errors].flatMap(({ at }) => at ?? [])
  const common = { redStep: findRedStep(events, asked.place.story), red: lines, seconds }
  const own = errors.find(isOwnMistake)
  if (own !== undefined) return { ...common, outcome: 'defect', by: own.message }
  if (!isTold) return { ...common, outcome: 'unclear', by: describeUntold(end !== undefined, error) }
  if (error === undefined && end !== undefined) return { ...common, outcome: 'unnoticed', by: '' }
  return { ...common, outcome: 'noticed', by: describeError(error) }
}

/** Steps end from the inside out. */
function findRedStep(events: readonly Event[], story: string): string {
  const begun = events.find((event) => event.kind === 'scenario:start' && event.title === story)
  const id = begun?.kind === 'scenario:start' ? begun.id : undefined
  const red = events.find(
    (event) => event.kind === 'step:end' && event.outcome === 'failed' && event.scenario === id,
  )
  return red?.kind === 'step:end' ? red.title : ''
}

function describeUntold(isEnded: boolean, error: ErrorRecord | undefined): string {
  if (error !== undefined) return `it was red before anything was falsified: ${describeError(error)}`
  return isEnded
    ? 'it never came to that line again (was it edited meanwhile?), or saw nothing to falsify'
    : 'the scenario did not run'
}

function describeError(error: ErrorRecord | undefined): string {
  if (error === undefined) return 'the script ended'
  return error.at === undefined ? error.title : `${error.title} (${error.at})`
}

/** A TypeError in the project's own code: the lie was of a shape that nobody can be given. */
function isOwnMistake({ code, message, stack = '' }: ErrorRecord): boolean {
  if (code !== 'failed' || !/^(Type|Range|Reference|Syntax)Error: /.test(message)) return false
  const frame = stack.split('\n').find((line) => /^\s+at /.test(line)) ?? ''
  return frame.includes(OWN_FOLDER)
}
