import { rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '../event.ts'
import { runScripts } from '../run/runner.ts'
import { WISH } from '../scenario/selection.ts'
import { DOUBT_VARIABLE } from './attend.ts'
import type { Asked } from './questions.ts'
import { judgeRun, type Verdict } from './verdict.ts'

/** A falsified run, and what became of it. */
export interface Answered {
  readonly asked: Asked
  readonly verdict: Verdict
}

/** How the questions are asked. */
export interface AskOptions {
  readonly env: Readonly<Record<string, string>>
  /** So many runs at a time. */
  readonly lanes: number
  readonly signal: AbortSignal
  /** Where the logs of runs that are unclear stay. */
  readonly folder: string
  /** Called after each run. */
  readonly tell: (answered: Answered) => void
}

/** Runs the scenario of each question with its reading falsified, several at a time; ends early when the signal aborts. */
export async function askAll(questions: readonly Asked[], options: AskOptions): Promise<readonly Answered[]> {
  const waiting = [...questions.entries()]
  const answers = new Map<number, Answered>()
  const lanes = Array.from({ length: options.lanes }, async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (options.signal.aborted) return
      const [index, asked] = next
      const verdict = await ask(asked, index + 1, options)
      if (options.signal.aborted) return
      answers.set(index, { asked, verdict })
      options.tell({ asked, verdict })
    }
  })
  await Promise.all(lanes)
  return [...answers].toSorted(([one], [other]) => one - other).map(([, answer]) => answer)
}

/** What is unclear is asked once more, with all scenarios of the script: one may need another before it. */
async function ask(asked: Asked, number: number, options: AskOptions): Promise<Verdict> {
  const folder = join(options.folder, String(number))
  const first = await runOnce(asked, folder, {
    ...options,
    env: { ...options.env, [WISH.only]: asked.place.story },
  })
  if (first.outcome !== 'unclear' || options.signal.aborted) return first
  return runOnce(asked, folder, options)
}

async function runOnce(asked: Asked, folder: string, options: AskOptions): Promise<Verdict> {
  const events: Event[] = []
  const began = performance.now()
  await runScripts([asked.script], {
    env: {
      ...options.env,
      SHAKEDOWN_LOGS: join(folder, 'logs'),
      [DOUBT_VARIABLE]: JSON.stringify(asked),
    },
    parallel: 1,
    signal: options.signal,
    tell: (event) => events.push(event),
  })
  const verdict = judgeRun(asked, events, (performance.now() - began) / 1000)
  if (verdict.outcome === 'noticed' || verdict.outcome === 'unnoticed') {
    rmSync(folder, { recursive: true, force: true })
    return verdict
  }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'events.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  return verdict
}
