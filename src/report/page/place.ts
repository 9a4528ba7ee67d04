import { type RunResult, type ScenarioResult, type StepResult, scenariosOf, stepsOf } from '../result.ts'
import type { PagePlace } from './model.ts'

/** A scenario, or a step of one. */
export type PlacedPart = ScenarioResult | StepResult

/** Where scripts, scenarios and steps stand in the lists of the page. */
export interface Places {
  readonly parts: readonly PlacedPart[]
  scriptOf(file: string): number
  partOf(script: string, id: string | undefined): number
  /** The place of an event. */
  of(event: {
    readonly script: string
    readonly scenario?: string | undefined
    readonly step?: string | undefined
  }): PagePlace
}

/** The places of everything in a run. */
export function createPlaces(result: RunResult): Places {
  const parts = scenariosOf(result).flatMap((scenario): readonly PlacedPart[] => [
    scenario,
    ...stepsOf([scenario]),
  ])
  const scripts = new Map(result.scripts.map(({ file }, index) => [file, index]))
  const indexes = new Map(parts.map(({ script, id }, index) => [`${script}\n${id}`, index]))
  const scriptOf = (file: string) => scripts.get(file) ?? -1
  const partOf = (script: string, id: string | undefined) => indexes.get(`${script}\n${id}`) ?? -1
  return {
    parts,
    scriptOf,
    partOf,
    of({ script, scenario, step }) {
      const part = partOf(script, step)
      return { script: scriptOf(script), part: part >= 0 ? part : partOf(script, scenario) }
    },
  }
}
