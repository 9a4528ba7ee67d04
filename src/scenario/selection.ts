import { env } from 'node:process'

/** True when this run wants the scenario: `SHAKEDOWN_ONLY` is a part of its title, `SHAKEDOWN_TAG` one of its tags. */
export function isSelected(title: string, tags: readonly string[]): boolean {
  const only = env['SHAKEDOWN_ONLY']
  const tag = env['SHAKEDOWN_TAG']
  if (only !== undefined && !title.toLowerCase().includes(only.toLowerCase())) return false
  return tag === undefined || tags.includes(tag)
}
