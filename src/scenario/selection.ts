import { loaderOf } from '../lazy.ts'

const { env } = process

/** How a process is told which scenarios it shall run: by the runner, or by the flags of a script that is run by hand. */
export const WISH = {
  only: 'SHAKEDOWN_ONLY',
  tag: 'SHAKEDOWN_TAG',
  list: 'SHAKEDOWN_LIST',
  keep: 'SHAKEDOWN_KEEP',
  /** Titles by script, as JSON: only these, and every one of a script that has none there. */
  titles: 'SHAKEDOWN_TITLES',
  /** How often a scenario may be told again whose cause it names as transient. */
  retries: 'SHAKEDOWN_RETRIES',
  /** The share of the time for which services run: a number between 0 and 1. */
  cpus: 'SHAKEDOWN_CPUS',
  /** Somebody looks on with a debugger: no scenario and no step takes too long. */
  inspect: 'SHAKEDOWN_INSPECT',
} as const

/** Reads what `--tag` asks for; throws a UsageError for what is none. */
export const readTags = loaderOf(import.meta.url).lazily<typeof import('./tags.ts')>('./tags')('readTags')

/** A scenario as a selection knows it. */
export interface Selectable {
  readonly title: string
  readonly tags: readonly string[]
  readonly script: string
}

/** True when this run wants the scenario: its title contains what is wanted, its tags fit, and it is not only listed. */
export function isChosen(scenario: Selectable): boolean {
  return env[WISH.list] === undefined && isWanted(scenario)
}

/** True when the selection names the scenario, whether it is to run or only to be listed. Throws a UsageError for one that makes no sense. */
export function isWanted({ title, tags, script }: Selectable): boolean {
  const { [WISH.only]: only, [WISH.tag]: tag, [WISH.titles]: titles } = env
  if (only !== undefined && !title.toLowerCase().includes(only.toLowerCase())) return false
  if (titles !== undefined && !isAmong(titles, script, title)) return false
  return tag === undefined || readTags(tag).fits(tags)
}

function isAmong(text: string, script: string, title: string): boolean {
  const known: Readonly<Record<string, readonly string[]>> = JSON.parse(text)
  return known[script]?.includes(title) ?? true
}
