import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer, DoubtResult } from '../../src/doubt/result.ts'
import { UsageError } from '../../src/error.ts'
import { readEvents } from '../../src/report/read.ts'
import { requirements } from '../../src/report/requirements.ts'
import { readTests } from './proofs.ts'
import type { SeenRed } from './seen-red.ts'

/**
 * The promises that were seen broken in a folder of results, or in the `tests.json` of the project's own tests: what noticed a
 * falsified reading, and what failed `because` something was broken on purpose. Throws a UsageError where something failed and
 * nobody says why, and where there is nothing to read.
 */
export async function readReds(path: string, because?: string): Promise<readonly SeenRed[]> {
  const found = path.endsWith('.json') ? await redTests(path) : await redSteps(path)
  if (found.some(({ how }) => how === '') && because === undefined)
    throw new UsageError(`something failed in ${path}, and nobody says why`, {
      hint: "--because 'what was broken on purpose'",
    })
  return found.map((row) => ({
    ...row,
    how: row.how === '' ? `by hand: ${inOneLine(because ?? '')}` : row.how,
  }))
}

async function redTests(file: string): Promise<readonly SeenRed[]> {
  const shown = await readTests(file)
  return shown.flatMap(({ id, outcome, by }) =>
    outcome === 'failed' ? [{ id, how: '', by: inOneLine(by) }] : [],
  )
}

async function redSteps(folder: string): Promise<readonly SeenRed[]> {
  const log = join(folder, 'events.ndjson')
  if (!existsSync(log))
    throw new UsageError(`no results in ${folder}`, { hint: 'results/latest, or another run there' })
  const file = join(folder, 'doubt.json')
  const doubted: DoubtResult | undefined = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : undefined
  const noticed = doubted?.readings.filter(({ outcome }) => outcome === 'noticed') ?? []
  const all = requirements(await Array.fromAsync(readEvents(log)))
  return [...all].flatMap(([id, { steps }]) =>
    steps.flatMap(({ script, path, outcome }) => {
      const by = inOneLine([script.replace(/^.*\/|\.mts$/g, ''), ...path].join(' › '))
      if (outcome === 'failed') return [{ id, how: '', by }]
      const answer = noticed.find((one) => isOf(one, script, path))
      return answer === undefined
        ? []
        : [{ id, how: inOneLine(`doubt ${answer.reading} ${answer.words}`), by }]
    }),
  )
}

function isOf({ script: own, scenario, redStep }: Answer, script: string, path: readonly string[]): boolean {
  return own === script && path[0] === scenario && path.at(-1) === redStep
}

/** Two blanks part the columns of the list. */
function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
