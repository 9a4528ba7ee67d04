import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Answered, askAll } from '../doubt/ask.ts'
import { DOUBT_VARIABLE } from '../doubt/attend.ts'
import { type Asked, questionsOf } from '../doubt/questions.ts'
import { type DoubtResult, resultOf } from '../doubt/result.ts'
import { isInPassing } from '../doubt/survey.ts'
import { nameOf, tellDoubt } from '../doubt/tell.ts'
import { formatDuration } from '../duration.ts'
import { type EventOf, emit, listen } from '../event.ts'
import type { DoubtEnd } from '../event-doubt.ts'
import type { DoubtWish } from './doubt-flags.ts'
import type { Session } from './session.ts'

/** What a doubted run does besides running: records its readings, asks about them, tells what came of it. */
export interface Doubting {
  /** Added to the environment of the first run. */
  readonly env: Readonly<Record<string, string>>
  /** Runs the scripts again and again, one reading falsified each time. */
  ask(run: DoubtedRun): Promise<void>
  /** Says what nothing notices. */
  tell(): void
}

/** A run that has passed. */
export interface DoubtedRun {
  readonly session: Session
  readonly env: Readonly<Record<string, string>>
  readonly lanes: number | undefined
  readonly signal: AbortSignal
}

const PROGRESS_EVERY = 10_000
/** How long a claim takes longer for one lie more, in seconds. */
const IN_PASSING = 0.5

/** Begins to doubt: hears what the first run records. `stream` is where it is told at the end. */
export function beginDoubt({ depth, min }: DoubtWish, stream: NodeJS.WritableStream): Doubting {
  const recorded = hearRecorded()
  let result: DoubtResult | undefined
  return {
    env: { [DOUBT_VARIABLE]: JSON.stringify({ do: 'record' }) },
    async ask({ session, env, lanes = availableParallelism(), signal }) {
      const { readings, seconds } = recorded()
      if (!session.passed) return note('only a run that passes can be doubted')
      const doubts = questionsOf(readings, depth)
      const began = performance.now()
      const progress = createProgress(doubts.asked, { lanes, seconds })
      const folder = join(session.folder, 'doubt')
      const answers = await askAll(doubts.asked, { env, lanes, signal, folder, tell: progress })
      if (signal.aborted) return
      result = resultOf(doubts, answers, { depth, seconds: (performance.now() - began) / 1000 })
      await writeFile(join(session.folder, 'doubt.json'), `${JSON.stringify(result, null, 2)}\n`)
      emit({ kind: 'doubt:end', ...endOf(result) })
      judge(result, session, min)
    },
    tell() {
      if (result !== undefined) stream.write(`\n${tellDoubt(result)}\n`)
    },
  }
}

function hearRecorded(): () => {
  readonly readings: EventOf<'doubt:reading'>[]
  readonly seconds: Map<string, number>
} {
  const readings: EventOf<'doubt:reading'>[] = []
  const seconds = new Map<string, number>()
  const forget = listen((event) => {
    if (event.kind === 'doubt:reading') readings.push(event)
    if (event.kind === 'scenario:end') seconds.set(`${event.script} ${event.title}`, event.seconds)
  })
  return () => {
    forget()
    return { readings, seconds }
  }
}

function endOf(result: DoubtResult): DoubtEnd {
  const { depth, noticed, unnoticed, score, seconds, readings, trusted, unfalsifiable } = result
  return {
    ...{ depth, noticed, unnoticed, score, seconds },
    open: readings.flatMap(({ outcome, reading, words, at, claim, seen, by }) =>
      outcome === 'noticed' ? [] : [{ outcome, reading, words, at, claim, seen, by }],
    ),
    spared: [...trusted, ...unfalsifiable].map(({ at, what, claim, seen, reason }) => ({
      at,
      what: nameOf({ what, seen }),
      claim,
      reason,
    })),
  }
}

/** Tells each answer as an event, and now and then how far it is. */
function createProgress(
  asked: readonly Asked[],
  run: { readonly lanes: number; readonly seconds: ReadonlyMap<string, number> },
): (answered: Answered) => void {
  const lengthOf = (one: Asked) =>
    isInPassing(one) ? IN_PASSING : (run.seconds.get(`${one.script} ${one.place.story}`) ?? 1)
  const left = new Map(asked.map((one) => [one, lengthOf(one)]))
  const inWords = () => {
    const seconds = [...left.values()].reduce((sum, one) => sum + one, 0) / run.lanes
    return `about ${formatDuration(Math.max(Math.round(seconds), 1) * 1000)}`
  }
  note(
    `doubt: ${asked.length} times a reading is falsified, ${run.lanes} runs at a time: at least ${inWords()}`,
  )
  let told = performance.now()
  return ({ asked: one, verdict }) => {
    for (const other of left.keys()) if (isSame(other, one)) left.delete(other)
    const { reading, words, lie, place } = one
    const { outcome, by, seconds } = verdict
    emit({ kind: 'doubt', reading, words, lie, at: place.at, outcome, by, seconds })
    if (outcome !== 'noticed') note(`${outcome}: ${reading} ${words}  (${place.at})`)
    if (performance.now() - told < PROGRESS_EVERY || left.size === 0) return
    told = performance.now()
    note(`doubt: ${asked.length - left.size} of ${asked.length}, ${inWords()} left`)
  }
}

/** What is only read may be asked with another lie than the first. */
function isSame(one: Asked, other: Asked): boolean {
  return one.place === other.place && one.reading === other.reading && (one.isRead || one.lie === other.lie)
}

function judge({ score, readings }: DoubtResult, session: Session, min: number | undefined): void {
  if (min !== undefined && readings.length === 0) session.add('failed', 'nothing could be falsified')
  const defects = readings.filter(({ outcome }) => outcome === 'defect').length
  if (defects > 0) session.add('failed', `${defects} falsified readings met a defect of shakedown`)
  if (min !== undefined && score < min)
    session.add('failed', `${score} % of the falsified readings were noticed, --min ${min}`)
}

function note(text: string): void {
  emit({ kind: 'note', level: 'info', text })
}
