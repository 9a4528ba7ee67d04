import { limitsOn } from '../service/process/limits.ts'
import { system } from '../service/process/system.ts'
import { COMPONENTS } from './components.ts'
import { type InspectedComponent, inspectComponent, type MissingComponent, type Place } from './find.ts'

/** What is known about one program of the table. `needed` says who misses it when it is not there. */
export interface Diagnosis {
  readonly needed: string
  /** Without it what is asked about cannot run. */
  readonly isNeeded: boolean
  readonly state: InspectedComponent | MissingComponent
}

/**
 * Asks every program of the table for its version, side by side. Those that are `required` are needed, by name; where
 * nobody says which, those of the main job.
 */
export async function diagnose(
  place: Place = {},
  required?: ReadonlySet<string>,
): Promise<readonly Diagnosis[]> {
  return Promise.all(
    COMPONENTS.map(async ({ name, needed }) => ({
      needed,
      isNeeded: required?.has(name) ?? needed === 'main job',
      state: await inspectComponent(name, place),
    })),
  )
}

/** True when everything is there that is needed and that this operating system can run. */
export function isFit(diagnoses: readonly Diagnosis[]): boolean {
  return diagnoses.every(({ isNeeded, state }) => !isNeeded || !('missing' in state) || state.never === true)
}

/** The diagnoses as a table: what is there, which version and where; what is not, and how to get it. */
export function describeDiagnoses(diagnoses: readonly Diagnosis[]): string {
  return diagnoses.flatMap(describe).join('\n')
}

/** What cannot be promised on this system, line by line. */
export function describeLimits(): string {
  return limitsOn(system.name)
    .map(({ what, effect }) => `open     ${what}\n${' '.repeat(9)}${effect}`)
    .join('\n')
}

function describe({ needed, isNeeded, state }: Diagnosis): readonly string[] {
  const name = state.name.padEnd(15)
  if (!('missing' in state))
    return [`ok       ${name} ${state.version.padEnd(9)} ${state.path} (${state.via})`]
  if (state.never === true) return [`never    ${name} ${state.missing}`]
  const word = isNeeded ? 'missing ' : 'absent  '
  const whom = isNeeded ? '' : ` (only for the ${needed})`
  return [`${word} ${name} ${state.missing}${whom}`, `${' '.repeat(9)}${state.hint}`]
}
