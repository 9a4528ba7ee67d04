import { join } from 'node:path'
import { PROJECT, type Row, readLatest, showSpread, tell, timeCommand, withFolder } from './measure.ts'

const SUITE = join(PROJECT, 'e2e/integration/telemetry')

/** The second system's suite from its start to its exit, against its longest script alone, turn by turn. */
export async function measureTelemetry(runs: number): Promise<readonly Row[]> {
  const ratios: number[] = []
  const seconds: number[] = []
  let slowest = ''
  for (let run = 0; run < runs; run += 1) {
    const whole = await withFolder(async (folder) => {
      const took = await time('suite', folder)
      slowest = await findSlowest(folder)
      return took
    })
    const alone = await withFolder((folder) => time(slowest, folder))
    tell(`telemetry ${run + 1}: ${whole.toFixed(1)} s, ${slowest} alone ${alone.toFixed(1)} s`)
    seconds.push(whole)
    ratios.push(whole / alone)
  }
  return [
    {
      what: 'the telemetry suite, quick : its longest script alone',
      measured: `${showSpread(ratios, '×', 2)}, ${showSpread(seconds, ' s')}`,
      goal: '≤ 1.3×',
      note: `the longest is ${slowest}; all scripts side by side, on as many cores as there are`,
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

/** The script that ended last. */
async function findSlowest(folder: string): Promise<string> {
  const ended = (await readLatest(folder)).findLast((event) => event.kind === 'script:end')
  if (ended?.kind !== 'script:end') throw new Error('no script of the suite has ended')
  return ended.file.replace(/^.*\/|\.mts$/g, '')
}
