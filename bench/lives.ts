import type { Event, EventOf } from '../src/event.ts'
import {
  median,
  PROJECT,
  type Row,
  readLatest,
  showSpread,
  tell,
  timeCommand,
  withFolder,
} from './measure.ts'

/** How long after its true readiness a program is known to be ready. */
export async function measureReadiness(runs: number): Promise<readonly Row[]> {
  const late: number[] = []
  const parts: number[] = []
  for (const events of await runScript('readiness', runs)) {
    for (const ready of kindOf(events, 'service:ready')) {
      const line = kindOf(events, 'log').find(({ service }) => service === ready.service)?.line
      const past = ready.time - Number(line?.replace('ready at ', ''))
      late.push(past)
      parts.push(past / Math.max(20, ready.milliseconds * 0.03))
    }
  }
  const note = `${late.length} boots of 0.1, 0.5 and 2 s, by connection, answer and log; largest in parentheses`
  return [
    {
      what: 'ready, after true readiness',
      measured: `${median(late).toFixed(0)} ms (${Math.max(...late).toFixed(0)})`,
      goal: '≤ 20 ms or 3 % of the boot',
      note: `${note}; ${parts.filter((part) => part <= 1).length} within the goal`,
    },
  ]
}

/** Boot and teardown of services that do not wait for each other, against the slowest of them. */
export async function measureLives(runs: number): Promise<readonly Row[]> {
  const logs = await runScript('side_by_side', runs)
  const boots = logs.map((events) => {
    const began = Math.min(...kindOf(events, 'service:starting').map(({ time }) => time))
    const ready = kindOf(events, 'service:ready')
    const slowest = Math.max(...ready.map(({ milliseconds }) => milliseconds))
    return (Math.max(...ready.map(({ time }) => time)) - began) / slowest
  })
  const ends = logs.map((events) => {
    const began = Math.min(...kindOf(events, 'service:stopping').map(({ time }) => time))
    const stopped = kindOf(events, 'service:stopped')
    const slowest = Math.max(...stopped.map(({ milliseconds }) => milliseconds))
    return Math.max(...stopped.map(({ time }) => time)) - began - slowest
  })
  const note = `two Redis, gunicorn, Prometheus, and one that takes 2 s; median of ${runs}`
  return [
    {
      what: 'boot of all services : the slowest',
      measured: showSpread(boots, '×', 2),
      goal: '≤ 1.1×',
      note,
    },
    {
      what: 'teardown, past the slowest',
      measured: showSpread(ends, ' ms', 0),
      goal: '≤ 100 ms',
      note: 'the same',
    },
  ]
}

async function runScript(name: string, runs: number): Promise<readonly (readonly Event[])[]> {
  const logs: (readonly Event[])[] = []
  for (let run = 0; run < runs; run += 1) {
    const events = await withFolder(async (folder) => {
      const script = `${PROJECT}/bench/scripts/${name}.mts`
      const { seconds, code, output } = await timeCommand(
        process.execPath,
        script,
        '--quick',
        '--results',
        folder,
      )
      tell(`${name} ${run + 1}: ${seconds.toFixed(2)} s`)
      if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`)
      return readLatest(folder)
    })
    logs.push(events)
  }
  return logs
}

function kindOf<K extends Event['kind']>(events: readonly Event[], kind: K): readonly EventOf<K>[] {
  return events.filter((event): event is Event & EventOf<K> => event.kind === kind)
}
