import type { Event } from '../event.ts'
import { WISH } from '../scenario/selection.ts'
import type { Asked } from './questions.ts'
import { type RunOptions, runWith } from './run.ts'
import type { Verdict } from './verdict.ts'

/** What remembers what it saw is asked alone: it would go on remembering what is false. */
const IN_PASSING: ReadonlySet<string> = new Set([
  ...[
    'series',
    'page',
    'findings',
    'duration',
    'vector',
    'lines',
    'time',
    'health',
    'ttl',
    'written',
    'deletions',
  ],
  ...['reading', 'record', 'state', 'pid', 'children'],
])
/** A count since a mark remembers its highest value: these are not above it. */
const BELOW: ReadonlySet<string> = new Set(['frozen', 'missing'])
const ROUNDS = 5

/** True for a question that can be asked in passing, with many others in one run. */
export function isInPassing({ of, isRead, isSending, lie }: Asked): boolean {
  if (isRead || isSending) return false
  return IN_PASSING.has(of) || (of === 'counted' && BELOW.has(lie))
}

/**
 * Asks all questions about one scenario in passing. Gives the verdict of each that its own claim noticed, or that met a
 * defect; whatever else is asked alone: where the claim did not notice, another one may.
 */
export async function surveyScenario(
  questions: ReadonlyMap<number, Asked>,
  options: RunOptions,
): Promise<ReadonlyMap<number, Verdict>> {
  const verdicts = new Map<number, Verdict>()
  let left = new Map(questions)
  for (let round = 1; round <= ROUNDS && left.size > 0 && !options.signal.aborted; round += 1) {
    const found = await runSurvey(left, options)
    for (const [number, verdict] of found.verdicts) verdicts.set(number, verdict)
    // It broke off at a question that is asked alone then; without that, nothing more would come of another round.
    left = new Map([...left].filter(([number]) => !found.over.has(number)))
    if (found.isWhole || found.over.size === 0) break
  }
  return verdicts
}

interface Survey {
  readonly verdicts: ReadonlyMap<number, Verdict>
  /** What was asked, whatever came of it. */
  readonly over: ReadonlySet<number>
  readonly isWhole: boolean
}

async function runSurvey(questions: ReadonlyMap<number, Asked>, options: RunOptions): Promise<Survey> {
  const [first] = questions.values()
  if (first === undefined) return { verdicts: new Map(), over: new Set(), isWhole: true }
  const { script, place } = first
  const numbered = [...questions].map(([number, asked]) => ({ ...asked, number }))
  const env = { ...options.env, [WISH.only]: place.story }
  const run = await runWith(script, { do: 'ask in passing', questions: numbered }, { ...options, env })
  run.forget()
  const end = run.events.find((event) => event.kind === 'scenario:end' && event.title === place.story)
  return {
    ...readSurvey(run.events, questions),
    isWhole: end?.kind === 'scenario:end' && end.outcome === 'passed',
  }
}

function readSurvey(
  events: readonly Event[],
  questions: ReadonlyMap<number, Asked>,
): Pick<Survey, 'verdicts' | 'over'> {
  const verdicts = new Map<number, Verdict>()
  const over = new Set<number>()
  const began = new Map<number, number>()
  for (const event of events) {
    if (event.kind === 'doubt:told' && event.number !== undefined) {
      over.add(event.number)
      began.set(event.number, event.time)
    }
    if (event.kind !== 'doubt:tried') continue
    const { number, isNoticed, defect } = event
    const seconds = (event.time - (began.get(number) ?? event.time)) / 1000
    const { at = '', step: redStep = '' } = questions.get(number)?.place ?? {}
    const common = { redStep, red: [], seconds }
    if (defect !== undefined) verdicts.set(number, { ...common, outcome: 'defect', by: defect })
    else if (isNoticed)
      verdicts.set(number, { ...common, outcome: 'noticed', by: `the claim itself (${at})` })
  }
  return { verdicts, over }
}
