import type { Event, EventOf } from '../../event.ts'
import type { Activity, Part, Skipped } from '../result.ts'
import { type RunDraft, type ScenarioDraft, type StepDraft, scriptIn } from './draft.ts'

const ACTIVITIES_KEPT = 50
const SHORTEST_ACTIVITY = 5

/** Folds scenarios, their steps, what was left out of them and what took time in them. */
export function createStoryFold(run: RunDraft): (event: Event) => void {
  const parts = new Map<string, PartDraft>()
  const open = new Set<PartDraft>()
  const find = (event: Event, id: string | undefined) => parts.get(keyOf(event.script, id ?? ''))
  const begin = <T extends PartDraft>(part: T) => {
    parts.set(keyOf(part.script, part.id), part)
    open.add(part)
    return part
  }
  return (event) => {
    grow(open, event)
    switch (event.kind) {
      case 'scenario:start':
        scriptIn(run, event.script, event.time).scenarios.push(begin(toScenario(event)))
        break
      case 'step:start': {
        const parent = find(event, event.parent)
        parent?.steps.push(begin(toStep(event, parent)))
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
        foldActivity(run, find(event, event.step) ?? find(event, event.scenario), event)
    }
  }
}

type PartDraft = ScenarioDraft | StepDraft

/** What never ends in the log ends at its script's last sign of life. */
function grow(open: Set<PartDraft>, event: Event): void {
  for (const part of open) {
    if (part.finished) open.delete(part)
    else if (part.script === event.script) part.seconds = (event.time - part.began) / 1000
  }
}

/** What happens inside of a scenario or step, or outside of both. */
function foldActivity(run: RunDraft, part: PartDraft | undefined, event: Event): void {
  switch (event.kind) {
    case 'claim':
      countClaim(run, part, event)
      keepActivity(part, {
        kind: 'wait',
        what: `${event.what}: ${event.expected}`,
        ...during(event, event.milliseconds),
      })
      break
    case 'traffic:end':
      keepActivity(part, { kind: 'load', what: event.what, ...during(event, event.seconds * 1000) })
      break
    case 'command':
      keepActivity(part, { kind: 'command', what: event.line, ...during(event, event.milliseconds) })
      break
  }
}

function keyOf(script: string, id: string): string {
  return `${script}\n${id}`
}

function toPart(
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

function toScenario(event: EventOf<'scenario:start'>): ScenarioDraft {
  return { ...toPart(event), tags: event.tags, errors: [], retried: false }
}

function toStep(event: EventOf<'step:start'>, parent: PartDraft | undefined): StepDraft {
  const outer = parent === undefined ? [] : 'path' in parent ? parent.path : [parent.title]
  return { ...toPart(event), path: [...outer, event.title], proves: event.proves, error: undefined }
}

function endScenario(run: RunDraft, scenario: Part | undefined, event: EventOf<'scenario:end'>): void {
  if (scenario === undefined) return
  const { outcome, seconds, reason, claims, error, more, script, title, retried = false } = event
  const errors = error === undefined ? more : [error, ...more]
  Object.assign(scenario, { finished: true, outcome, seconds, reason, claims, errors, retried })
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

function countClaim(run: RunDraft, part: PartDraft | undefined, event: EventOf<'claim'>): void {
  const { claims } = run
  // A wait that is broken off may be told after the step that it broke off.
  const isAborted = event.aborted ?? (part?.finished === true && part.outcome === 'interrupted')
  if (event.met) claims.met += 1
  else if (!isAborted) noteMiss(run, event)
  const looks = event.count ?? 1
  claims.looks += looks
  claims.milliseconds += event.milliseconds
  if (part === undefined) return
  part.claims += 1
  part.looks += looks
  part.waited += event.milliseconds
}

function noteMiss({ claims, ledger }: RunDraft, { script, finding }: EventOf<'claim'>): void {
  claims.missed += 1
  if (finding === undefined) return
  const key = `${script}\n${finding}`
  ledger.missed.set(key, (ledger.missed.get(key) ?? 0) + 1)
}

function during(event: Event, milliseconds: number): Pick<Activity, 'began' | 'ended'> {
  return { began: event.time - milliseconds, ended: event.time }
}

/** Keeps the longest ones. */
function keepActivity(part: PartDraft | undefined, activity: Activity): void {
  if (part === undefined || activity.ended - activity.began < SHORTEST_ACTIVITY) return
  part.activities.push(activity)
  if (part.activities.length <= ACTIVITIES_KEPT) return
  const lengths = part.activities.map(({ began, ended }) => ended - began)
  part.activities.splice(lengths.indexOf(Math.min(...lengths)), 1)
}

function toSkipped({ script, scenario, step, what, reason, proves, at }: EventOf<'skip'>): Skipped {
  return { script, scenario, step, what, reason, proves, at }
}
