import { readFileSync } from 'node:fs'
import { isWanted } from '../../scenario/selection.ts'
import { refuseNothing, type Seen } from '../listing.ts'
import { type Scanned, scanScenarios } from './scan.ts'

/** A script and what is written down of its scenarios. */
export interface ScannedScript {
  readonly script: string
  readonly scenarios: readonly Scanned[]
}

/** What a selection leaves of scripts. */
export interface Narrowed {
  readonly scripts: readonly string[]
  /** The scenarios of those that are left out: their tags are known, too. */
  readonly left: readonly Seen[]
}

/** Reads what these scripts have, without running any of them. */
export function scanScripts(scripts: readonly string[]): readonly ScannedScript[] {
  return scripts.map((script) => ({ script, scenarios: scanScenarios(readFileSync(script, 'utf8')) }))
}

/**
 * The scripts that may have a scenario which the selection names: those of which the text says that they have none are left
 * out, and what they have is given, too. Throws a UsageError, before anything is started, where no scenario is named, or a tag that none has.
 */
export function narrowScripts(scripts: readonly string[]): Narrowed {
  const scanned = scanScripts(scripts)
  if (scanned.every(isWhole)) refuseNothing(scanned.flatMap(seenIn))
  const isChosen = (one: ScannedScript) => !isWhole(one) || seenIn(one).some(isWanted)
  return {
    scripts: scanned.filter(isChosen).map(({ script }) => script),
    left: scanned.filter((one) => !isChosen(one)).flatMap(seenIn),
  }
}

/** What is known of a script's scenarios that have a title. */
export function seenIn({ script, scenarios }: ScannedScript) {
  return scenarios.flatMap(({ title, tags, line }) =>
    title === undefined ? [] : [{ script, title, tags, at: `${script}:${line}` }],
  )
}

/** True where the text says everything. A script without a scenario may have its own in what it imports. */
export function isWhole({ scenarios }: ScannedScript): boolean {
  return scenarios.length > 0 && scenarios.every(({ computed }) => !computed)
}
