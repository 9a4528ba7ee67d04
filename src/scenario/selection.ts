import { env } from 'node:process'

/** How a process is told which scenarios it shall run: by the runner, or by the flags of a script that is run by hand. */
export const WISH = {
  only: 'SHAKEDOWN_ONLY',
  tag: 'SHAKEDOWN_TAG',
  list: 'SHAKEDOWN_LIST',
  keep: 'SHAKEDOWN_KEEP',
} as const

/** True when this run wants the scenario: its title contains what is wanted, it has the tag, and it is not only listed. */
export function isChosen(title: string, tags: readonly string[]): boolean {
  return env[WISH.list] === undefined && isWanted(title, tags)
}

/** True when the selection names the scenario, whether it is to run or only to be listed. */
export function isWanted(title: string, tags: readonly string[]): boolean {
  const only = env[WISH.only]
  const tag = env[WISH.tag]
  if (only !== undefined && !title.toLowerCase().includes(only.toLowerCase())) return false
  return tag === undefined || tags.includes(tag)
}
