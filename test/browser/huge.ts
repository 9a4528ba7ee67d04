import type { Event } from '../../src/event.ts'
import { createStream, failure, wholeRun } from '../report/stream.ts'

/** How large a run is. */
export interface Size {
  readonly services: number
  readonly steps: number
  readonly lines: number
}

const WORDS = ['accepted', 'refused', 'stored', 'expired', 'answered', 'retried'] as const

/** A run as large as asked for: services that all print, steps that claim and wait, one that fails in the middle. */
export function hugeRun({ services, steps, lines }: Size): readonly Event[] {
  const length = 600_000
  const where = { scenario: '1' }
  const stream = createStream().scenario('1 a very large run', [0, length], { outcome: 'failed' })
  for (let index = 0; index < services; index += 1)
    addService(stream, `service-${index}`, [index * 20, length])
  for (let index = 0; index < steps; index += 1) {
    const from = 2000 + ((length - 4000) / steps) * index
    const isBad = index === Math.floor(steps / 2)
    const ending = isBad
      ? ({ outcome: 'failed', error: failure('a value is wrong', 'e2e/x.mts:7') } as const)
      : {}
    stream.step(`1.${index + 1} step ${index + 1} of many`, [from, from + (length - 4000) / steps], ending)
    const looks = Array.from({ length: 10 }, (_, at) => ({ at: at * 10, saw: String(at), failed: false }))
    const values = looks.map(({ at, saw }) => [at, Number(saw)] as const)
    const claim = { what: `value ${index}`, matcher: 'toBe', expected: '9', last: '9', met: !isBad }
    stream.at(
      from + 100,
      { kind: 'claim', ...claim, looks, values, count: 10, milliseconds: 100 },
      { ...where, step: `1.${index + 1}` },
    )
  }
  for (let index = 0; index < lines; index += 1) {
    const level = index % 997 === 0 ? 'ERROR' : 'INFO'
    const line = `${level} request ${index} of client ${index % 53} ${WORDS[index % WORDS.length]} in ${index % 89} ms`
    stream.at(
      Math.floor((length * index) / lines),
      {
        ...{ kind: 'log', service: `service-${index % services}`, stream: 'stdout', line },
      },
      where,
    )
  }
  return wholeRun(stream.events, 1, ['1 scenario failed'])
}

function addService(
  stream: ReturnType<typeof createStream>,
  service: string,
  [from, to]: readonly [from: number, to: number],
): void {
  const where = { scenario: '1' }
  stream
    .at(
      from,
      { kind: 'service:starting', service, driver: 'process', command: ['program', service], after: [] },
      where,
    )
    .at(from + 1, { kind: 'service:started', service, pid: 1000, endpoints: {} }, where)
    .at(
      from + 900,
      { kind: 'service:ready', service, milliseconds: 900, endpoints: {}, version: '1.2.3', looks: 9 },
      where,
    )
    .at(to - 500, { kind: 'service:stopping', service, signal: 'SIGTERM' }, where)
    .at(to - 100, { kind: 'service:exit', service, code: 0, signal: null, expected: true }, where)
    .at(to - 99, { kind: 'service:stopped', service, milliseconds: 401, forced: false, swept: [] }, where)
}
