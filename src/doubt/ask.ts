import { join } from 'node:path'
import { WISH } from '../scenario/selection.ts'
import type { Asked } from './questions.ts'
import { type RunOptions, runWith } from './run.ts'
import { isInPassing, surveyScenario } from './survey.ts'
import { judgeRun, type Verdict } from './verdict.ts'

/** A falsified reading, and what became of it. */
export interface Answered {
  readonly asked: Asked
  readonly verdict: Verdict
}

/** How the questions are asked. */
export interface AskOptions extends RunOptions {
  /** So many runs at a time. */
  readonly lanes: number
  /** Called for each question that is answered. */
  readonly tell: (answered: Answered) => void
}

/**
 * Asks every question: first all of one scenario in passing, in one run; then each that no claim of its own noticed, alone.
 * Ends early when the signal aborts.
 */
export async function askAll(questions: readonly Asked[], options: AskOptions): Promise<readonly Answered[]> {
  const answers = new Map<number, Answered>()
  const answer = (number: number, answered: Answered) => {
    if (options.signal.aborted) return
    answers.set(number, answered)
    options.tell(answered)
  }
  const numbered = [...questions.entries()]
  const inPassing = numbered.filter(([, asked]) => isInPassing(asked))
  const scenarios = [...Map.groupBy(inPassing, ([, { script, place }]) => `${script} ${place.story}`)]
  await inLanes(scenarios, options, async ([, asked], folder) => {
    const verdicts = await surveyScenario(new Map(asked), { ...options, folder })
    for (const [number, one] of asked) {
      const verdict = verdicts.get(number)
      if (verdict !== undefined) answer(number, { asked: one, verdict })
    }
  })
  const alone = numbered.filter(([number]) => !answers.has(number))
  await inLanes(alone, options, async ([number, asked], folder) => {
    answer(number, await askWithNext(asked, { ...options, folder }))
  })
  return [...answers].toSorted(([one], [other]) => one - other).map(([, one]) => one)
}

/** Several at a time, each with a folder of its own. */
async function inLanes<T>(
  work: readonly T[],
  options: AskOptions,
  act: (one: T, folder: string) => Promise<void>,
): Promise<void> {
  const waiting = [...work]
  const lanes = Array.from({ length: options.lanes }, async (_, lane) => {
    for (let one = waiting.shift(); one !== undefined && !options.signal.aborted; one = waiting.shift())
      await act(one, join(options.folder, `lane${lane + 1}`))
  })
  await Promise.all(lanes)
}

async function askWithNext(asked: Asked, options: RunOptions): Promise<Answered> {
  const verdict = await ask(asked, options)
  const [other] = asked.next
  if (verdict.outcome !== 'unnoticed' || other === undefined || options.signal.aborted)
    return { asked, verdict }
  const second = { ...asked, lie: other.name, words: other.words }
  const after = await ask(second, options)
  return after.outcome === 'noticed' ? { asked: second, verdict: after } : { asked, verdict }
}

/** What is unclear is asked once more, with all scenarios of the script: one may need another before it. */
async function ask(asked: Asked, options: RunOptions): Promise<Verdict> {
  const env = { ...options.env, [WISH.only]: asked.place.story }
  const first = await askOnce(asked, { ...options, env })
  return first.outcome !== 'unclear' || options.signal.aborted ? first : askOnce(asked, options)
}

async function askOnce(asked: Asked, options: RunOptions): Promise<Verdict> {
  const run = await runWith(asked.script, { do: 'lie', question: asked }, options)
  const verdict = judgeRun(asked, run.events, run.seconds)
  run.forget()
  return verdict
}
