import type { Event, EventOf } from '../../event.ts'
import type { Activity, Part, Skipped } from '../result.ts'
import { type RunDraft, type ScenarioDraft, type StepDraft, scriptIn } from './draft.ts'

const ACTIVITIES_KEPT = 50
const SHORTEST_ACTIVITY = 5

/** Folds scenarios, their steps, what was left out of them and what took time in them. */
export function createStoryFold(run: RunDraft): (event: Event) => void {
  const parts = new Map<string, ScenarioDraft | StepDraft>()
  const find = (event: Event, id: string | undefined) => parts.get(keyOf(event.script, id ?? ''))
  return (event) => {
    switch (event.kind) {
      case 'scenario:start': {
        const scenario = beginScenario(event)
        parts.set(keyOf(event.script, event.id), scenario)
        scriptIn(run, event.script, event.time).scenarios.push(scenario)
        break
      }
      case 'step:start': {
        const parent = find(event, event.parent)
        const step = beginStep(event, parent)
        parts.set(keyOf(event.script, event.id), step)
        parent?.steps.push(step)
        break
      }
      case 'scenario:end':
        endScenario(run, find(event, event.id), event)
        break
      case 'step:end':
        endStep(find(event, event.id), event)
        break
      case 'skip':
        run.skipped.push(toSkipped(event))
        break
      default:
        foldActivity(find(event, event.step) ?? find(event, event.scenario), event)
    }
  }
}

/** What happens inside of a scenario or step. */
function foldActivity(part: ScenarioDraft | StepDraft | undefined, event: Event): void {
  if (part === undefined) return
  switch (event.kind) {
    case 'claim':
      countClaim(part, event)
      break
    case 'traffic:end':
      keepActivity(part, { kind: 'load', what: event.what, ...during(event, event.seconds * 1000) })
      break
    case 'command':
      keepActivity(part, { kind: 'command', what: event.line, ...during(event, event.milliseconds) })
      break
  }
  // What has no end in the log ended at its last sign of life.
  if (!part.finished) part.seconds = (event.time - part.began) / 1000
}

function keyOf(script: string, id: string): string {
  return `${script}\n${id}`
}

function begin(
  event: EventOf<'scenario:start' | 'step:start'>,
): Omit<StepDraft, 'path' | 'proves' | 'error'> {
  return {
    script: event.script,
    id: event.id,
    title: event.title,
    at: event.at,
    outcome: 'interrupted',
    finished: false,
    began: event.time,
    seconds: 0,
    reason: undefined,
    claims: 0,
    looks: 0,
    waited: 0,
    activities: [],
    steps: [],
  }
}

function beginScenario(event: EventOf<'scenario:start'>): ScenarioDraft {
  return { ...begin(event), tags: event.tags, errors: [] }
}

function beginStep(event: EventOf<'step:start'>, parent: ScenarioDraft | StepDraft | undefined): StepDraft {
  const outer = parent === undefined ? [] : 'path' in parent ? parent.path : [parent.title]
  return { ...begin(event), path: [...outer, event.title], proves: event.proves, error: undefined }
}

function endScenario(run: RunDraft, scenario: Part | undefined, event: EventOf<'scenario:end'>): void {
  if (scenario === undefined) return
  const { outcome, seconds, reason, claims, error, more, script, title } = event
  const errors = error === undefined ? more : [error, ...more]
  Object.assign(scenario, { finished: true, outcome, seconds, reason, claims, errors })
  if (outcome !== 'skipped') return
  const { at, id } = scenario
  run.skipped.push({
    script,
    scenario: id,
    step: undefined,
    what: title,
    reason: reason ?? '',
    proves: [],
    at,
  })
}

function endStep(step: Part | undefined, event: EventOf<'step:end'>): void {
  if (step === undefined) return
  const { outcome, seconds, reason, error } = event
  Object.assign(step, { finished: true, outcome, seconds, reason, error })
}

function countClaim(part: ScenarioDraft | StepDraft, event: EventOf<'claim'>): void {
  part.claims += 1
  part.looks += event.count ?? 1
  part.waited += event.milliseconds
  const what = `${event.what}: ${event.expected}`
  keepActivity(part, { kind: 'wait', what, ...during(event, event.milliseconds) })
}

function during(event: Event, milliseconds: number): Pick<Activity, 'began' | 'ended'> {
  return { began: event.time - milliseconds, ended: event.time }
}

/** Keeps the longest ones. */
function keepActivity(part: ScenarioDraft | StepDraft, activity: Activity): void {
  if (activity.ended - activity.began < SHORTEST_ACTIVITY) return
  part.activities.push(activity)
  if (part.activities.length <= ACTIVITIES_KEPT) return
  const lengths = part.activities.map(({ began, ended }) => ended - began)
  part.activities.splice(lengths.indexOf(Math.min(...lengths)), 1)
}

function toSkipped({ script, scenario, step, what, reason, proves, at }: EventOf<'skip'>): Skipped {
  return { script, scenario, step, what, reason, proves, at }
}
