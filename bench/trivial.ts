import { median, type Row, showSpread, tell, timeCommand, withFolder } from './measure.ts'

const SCRIPT = 'bench/scripts/trivial.mts'
const TEST = 'bench/scripts/trivial_test.mts'

/** A scenario with one claim, from the start of the process to its exit, beside the same for `node --test` and nothing at all. */
export async function measureTrivial(runs: number): Promise<readonly Row[]> {
  const times: Record<'shakedown' | 'node --test' | 'node', number[]> = {
    shakedown: [],
    'node --test': [],
    node: [],
  }
  const processor = { shakedown: 0, 'node --test': 0, node: 0 }
  const node = process.execPath
  await withFolder(async (folder) => {
    const contenders = {
      shakedown: () => timeCommand(node, SCRIPT, '--results', folder),
      'node --test': () => timeCommand(node, '--test', TEST),
      node: () => timeCommand(node, '--eval', ''),
    }
    for (let run = -1; run < runs; run += 1) {
      for (const name of ['shakedown', 'node --test', 'node'] as const) {
        const { seconds, processor: used, code, output } = await contenders[name]()
        if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`)
        if (run < 0) continue
        times[name].push(seconds * 1000)
        processor[name] += (used * 1000) / runs
      }
    }
  })
  tell(`trivial: ${runs} turns`)
  const ratio = median(times.shakedown.map((time, run) => time / (times['node --test'][run] ?? Number.NaN)))
  const [own, theirs] = [processor.shakedown, processor['node --test']]
  const other = showSpread(times['node --test'], ' ms', 0)
  const bare = showSpread(times.node, ' ms', 0)
  return [
    {
      what: 'a trivial scenario, start to exit',
      measured: `${showSpread(times.shakedown, ' ms', 0)}, ${ratio.toFixed(2)}× of \`node --test\`; of processor time ${own.toFixed(0)} ms, ${(own / theirs).toFixed(2)}×`,
      goal: '≤ 110 ms',
      note: `\`node --test\`: ${other}; \`node --eval ''\`: ${bare}; median of ${runs} turns; processor time ${theirs.toFixed(0)} ms and ${processor.node.toFixed(0)} ms, the mean`,
    },
  ]
}
