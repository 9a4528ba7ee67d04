import { join } from 'node:path'
import { PROJECT, type Row, readLatest, showSpread, tell, timeCommand, withFolder } from './measure.ts'

const SUITE = join(PROJECT, 'e2e/integration/telemetry')

/** The second system's suite from its start to its exit, against its longest script in the same run, and against that one alone. */
export async function measureTelemetry(runs: number): Promise<readonly Row[]> {
  const ratios: number[] = []
  const toAlone: number[] = []
  const seconds: number[] = []
  let slowest: Slowest = { script: '', seconds: Number.NaN }
  for (let run = 0; run < runs; run += 1) {
    const whole = await withFolder(async (folder) => {
      const took = await time('suite', folder)
      slowest = await findSlowest(folder)
      return took
    })
    const { script } = slowest
    const alone = await withFolder((folder) => time(script, folder))
    tell(
      `telemetry ${run + 1}: ${whole.toFixed(1)} s, ${script} ${slowest.seconds.toFixed(1)} s, alone ${alone.toFixed(1)} s`,
    )
    seconds.push(whole)
    ratios.push(whole / slowest.seconds)
    toAlone.push(whole / alone)
  }
  return [
    {
      what: 'the telemetry suite, quick : its slowest chain',
      measured: `${showSpread(ratios, '×', 2)}, ${showSpread(seconds, ' s')}`,
      goal: '≤ 1.3×',
      note: `the longest script of the same run, ${slowest.script}; that one alone: ${showSpread(toAlone, '×', 2)}, since all share the processors`,
    },
  ]
}

async function time(script: string, folder: string): Promise<number> {
  const { seconds, code, output } = await timeCommand(
    join(SUITE, `${script}.mts`),
    '--quick',
    '--results',
    folder,
  )
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${output}`)
  return seconds
}

interface Slowest {
  readonly script: string
  readonly seconds: number
}

/** The script that ended last. */
async function findSlowest(folder: string): Promise<Slowest> {
  const events = await readLatest(folder)
  const ended = events.findLast((event) => event.kind === 'script:end')
  if (ended?.kind !== 'script:end') throw new Error('no script of the suite has ended')
  return { script: ended.file.replace(/^.*\/|\.mts$/g, ''), seconds: ended.seconds }
}
