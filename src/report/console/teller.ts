import type { ErrorRecord, Event, EventOf } from '../../event.ts'
import { toOneLine } from '../clean.ts'
import { errorOf, errorsOf } from '../failures.ts'
import { createLogTail, type LoggedPart } from '../log-tail.ts'
import type { Names } from '../names.ts'
import { type RunResult, type ScenarioResult, type StepResult, stepsOf } from '../result.ts'
import { describeError } from './failure.ts'
import { describeEvent } from './lines.ts'
import { count, type Style } from './style.ts'
import { createTree, type Place } from './tree.ts'
import type { Voice } from './voice.ts'

/** What a teller tells with. */
export interface TellerOptions {
  readonly verbose: boolean
  readonly style: Style
  readonly names: Names
  /** The run as it is after the event that is being told. */
  readonly result: RunResult
}

const LINE_EVERY = 5000
/** Log lines below an error that brings none itself. */
const TAIL = 8

/** Tells what happens as it happens; the beginning and the end of the run are told by others. */
export function createTeller(voice: Voice, options: TellerOptions): { hear(event: Event): void } {
  const { style, result, names, verbose } = options
  const tree = createTree(voice.output, style, { eager: verbose })
  const tail = createLogTail()
  const isDue = createPace()

  function tellError(place: Place, error: ErrorRecord, part: Omit<LoggedPart, 'script'>): void {
    const lines = tail.lastOf({ ...part, script: place.script }, TAIL)
    voice.output.block({ ...place, depth: place.depth + 1 }, describeError(error, lines, style))
  }

  function endStep(event: EventOf<'step:end'>): void {
    const step = findStep(result, event)
    const behind =
      event.outcome === 'skipped'
        ? style.paint('yellow', toOneLine(event.reason ?? ''))
        : style.time(event.seconds)
    const place = tree.end(event, { ...event, text: `${toOneLine(event.title)}  ${behind}` })
    const error = step === undefined ? undefined : errorOf(step)
    if (step !== undefined && error !== undefined) tellError(place, error, step)
  }

  function endScenario(event: EventOf<'scenario:end'>): void {
    const scenario = findScenario(result, event)
    const text = describeScenario(event, scenario, style)
    const place = tree.end(event, { ...event, text })
    for (const error of scenario === undefined ? [] : errorsOf(scenario))
      tellError(place, error, scenario ?? { began: 0 })
    const name = names.all.length < 2 ? '' : `${names.nameOf(event.script)} ${style.signs.path} `
    voice.close(event.script, event.id, `${style.signs[event.outcome]} ${name}${text}`)
  }

  function tellOther(event: Event): void {
    const line = describeEvent(event, style)
    if (line === undefined) return
    if (line.when === 'verbose' && !verbose) return
    if (line.when === 'wait') {
      if (!voice.isLive && isDue(event)) tree.live(event, line.text)
      return
    }
    if (line.when === 'detail') tree.add(event, line.text)
    else tree.say(event, line.text)
  }

  return {
    hear(event) {
      tail.hear(event)
      if (event.kind === 'scenario:start') names.add([event.script])
      switch (event.kind) {
        case 'scenario:start':
        case 'step:start':
          tree.begin(event, event)
          break
        case 'step:end':
          endStep(event)
          break
        case 'scenario:end':
          endScenario(event)
          break
        case 'skip':
          // One that was under way says so at its end.
          if (!tree.isUnderWay(event, event.what)) tree.say(event, describeSkip(event, style))
          break
        case 'teardown:error':
          tellError(tree.placeOf(event), event.error, { began: event.time })
          break
        default:
          tellOther(event)
      }
    },
  }
}

/** Waits are told every second; a line of them stays, so that one every 5 s is enough. */
function createPace(): (event: Event) => boolean {
  const told = new Map<string, number>()
  return (event) => {
    if (event.kind !== 'wait:progress') return true
    const key = [event.script, event.scenario, event.step, event.what].join('\n')
    const [due, last] = [Math.floor(event.milliseconds / LINE_EVERY), told.get(key) ?? 0]
    told.set(key, due)
    return due > 0 && due !== last
  }
}

function describeSkip(event: EventOf<'skip'>, { outcome, paint }: Style): string {
  return `${outcome('skipped')} ${toOneLine(event.what)}  ${paint('yellow', toOneLine(event.reason))}`
}

function describeScenario(
  event: EventOf<'scenario:end'>,
  scenario: ScenarioResult | undefined,
  style: Style,
): string {
  const title = `${toOneLine(event.title)}  ${style.time(event.seconds)}`
  if (event.outcome === 'skipped') return `${title}  ${style.paint('yellow', toOneLine(event.reason ?? ''))}`
  const steps = scenario === undefined ? 0 : stepsOf([scenario]).length
  const parts = [...(steps === 0 ? [] : [count(steps, 'step')]), count(event.claims, 'claim')]
  return `${title}  ${style.paint('dim', parts.join(', '))}`
}

function findScenario(result: RunResult, event: Event & { readonly id: string }): ScenarioResult | undefined {
  const script = result.scripts.find(({ file }) => file === event.script)
  return script?.scenarios.findLast(({ id }) => id === event.id)
}

function findStep(result: RunResult, event: EventOf<'step:end'>): StepResult | undefined {
  const [id = ''] = event.id.split('.')
  const scenario = findScenario(result, { ...event, id })
  return scenario === undefined ? undefined : stepsOf([scenario]).findLast((step) => step.id === event.id)
}
