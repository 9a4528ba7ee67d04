import { limitsOn } from '../service/process/limits.ts'
import { system } from '../service/process/system.ts'
import { COMPONENTS } from './components.ts'
import { type InspectedComponent, inspectComponent, type MissingComponent, type Place } from './find.ts'

/** What is known about one program of the table. `needed` says who misses it when it is not there. */
export interface Diagnosis {
  readonly needed: string
  readonly state: InspectedComponent | MissingComponent
}

/** Asks every program of the table for its version, side by side. */
export async function diagnose(place: Place = {}): Promise<readonly Diagnosis[]> {
  return Promise.all(
    COMPONENTS.map(async ({ name, needed }) => ({ needed, state: await inspectComponent(name, place) })),
  )
}

/** True when everything is there that the main job needs and that this operating system can run. */
export function isFit(diagnoses: readonly Diagnosis[]): boolean {
  return diagnoses.every(
    ({ needed, state }) => needed !== 'main job' || !('missing' in state) || state.never === true,
  )
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

function describe({ needed, state }: Diagnosis): readonly string[] {
  const name = state.name.padEnd(15)
  if (!('missing' in state))
    return [`ok       ${name} ${state.version.padEnd(9)} ${state.path} (${state.via})`]
  if (state.never === true) return [`never    ${name} ${state.missing}`]
  const word = needed === 'main job' ? 'missing ' : 'absent  '
  const whom = needed === 'main job' ? '' : ` (only for the ${needed})`
  return [`${word} ${name} ${state.missing}${whom}`, `${' '.repeat(9)}${state.hint}`]
}
