import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../src/event.ts'
import { PROJECT, type Row, timeCommand } from './measure.ts'

const EVENTS = 1_000_000
const GOAL_MEMORY = 500

/** What making the reports of a very large run costs: time, memory, and bytes. */
export async function measureReport(folder: string): Promise<readonly Row[]> {
  const log = join(folder, 'events.ndjson')
  await writeLog(log)
  const read = await make(log, 'read')
  const reports = await make(log, 'reports')
  return [
    {
      what: `all reports of ${EVENTS.toLocaleString('en')} events`,
      measured: `${reports.seconds.toFixed(1)} s (${reports.processor.toFixed(1)} s of processor time), ${reports.memory} MB of memory`,
      goal: `≤ ${GOAL_MEMORY} MB`,
      note: `to read them alone takes ${read.processor.toFixed(1)} s of processor time and ${read.memory} MB; report.html has ${reports.megabytes} MB`,
    },
  ]
}

interface Made {
  readonly seconds: number
  /** Seconds of processor time: what stays the same on a busy machine. */
  readonly processor: number
  readonly memory: number
  readonly megabytes: number
}

async function make(log: string, what: 'read' | 'reports'): Promise<Made> {
  const script = join(PROJECT, 'bench', 'scripts', 'report.mts')
  const { code, output } = await timeCommand(join(PROJECT, 'scripts', 'node'), script, what, log)
  if (code !== 0) throw new Error(output)
  return JSON.parse(output)
}

/** A run of an hour: 40 services that print, steps that claim and send requests. */
async function writeLog(file: string): Promise<void> {
  const stream = createWriteStream(file)
  for (let index = 0; index < EVENTS; index += 1) {
    if (!stream.write(`${JSON.stringify(eventAt(index))}\n`)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
}

function eventAt(index: number): Event {
  const stamp = { time: 1_800_000_000_000 + Math.floor(index * 3.6), script: 'e2e/large.mts' }
  const service = `service-${index % 40}`
  const step = `1.${Math.floor(index / 1000) + 1}`
  const where = { ...stamp, scenario: '1', step }
  if (index === 0)
    return { ...stamp, kind: 'scenario:start', id: '1', title: 'large', tags: [], timeout: 1e7 }
  if (index <= 40)
    return {
      ...stamp,
      scenario: '1',
      kind: 'service:starting',
      service,
      driver: 'process',
      command: ['x'],
      after: [],
    }
  if (index % 1000 === 0)
    return { ...stamp, kind: 'step:start', id: step, parent: '1', title: `step ${step}`, proves: [] }
  if (index % 1000 === 999)
    return {
      ...stamp,
      ...{ kind: 'step:end', id: step, parent: '1', title: `step ${step}`, proves: [] },
      ...{ outcome: 'passed', seconds: 3.6 },
    }
  if (index % 10 === 1) {
    const looks = Array.from({ length: 8 }, (_, at) => ({ at, saw: String(at), failed: false }))
    const claim = { what: 'a counter', matcher: 'toBe', expected: '8', last: '8', met: true, looks, count: 8 }
    return {
      ...where,
      kind: 'claim',
      ...claim,
      milliseconds: 12,
      values: looks.map(({ at }) => [at, at] as const),
    }
  }
  if (index % 10 === 2)
    return {
      ...where,
      kind: 'exchange',
      method: 'GET',
      url: 'http://127.0.0.1:1/x',
      status: 200,
      milliseconds: 3,
    }
  const line = `2026-11-21T10:00:00Z INFO request ${index} of client ${index % 977} was answered in ${index % 83} ms`
  return { ...stamp, scenario: '1', kind: 'log', service, stream: 'stdout', line }
}
