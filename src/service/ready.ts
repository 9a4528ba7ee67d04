import { milliseconds } from '../duration.ts'
import { UsageError } from '../error.ts'
import { HOST } from '../reference.ts'
import { poll, type Waited } from '../wait/poll.ts'
import { addressOf, type Control, MAIN, placeFromHost, portOf } from './control.ts'
import type { Line, Log } from './log.ts'
import { probeHttp, probeTcp, type Target } from './probe.ts'
import type { Checked, Ready } from './spec.ts'

const WITHIN = '60s'
/** What already runs needs no time to come up. */
const WITHIN_ELSEWHERE = '15s'

/** What is looked at until a service is ready. */
export interface Look {
  /** `an answer to GET /health`. */
  readonly describe: string
  /** The ports of the host on which it must be that very service who answers. */
  readonly ports: readonly string[]
  look(signal: AbortSignal): Promise<Checked>
  /** Stops listening to the log. */
  close(): void
}

/** Prepares the look, before the launch: log lines are counted from the first one on. */
export function createLook(control: Control, ready: Ready<string> = readyOf(control)): Look {
  const { elsewhere } = control.driver
  if (ready === 'started') return simple('to be started', [], async () => true)
  if (ready === 'completed')
    return simple('its end with 0', [], async () => control.launch?.exit?.code === 0 || 'it runs')
  if (elsewhere !== undefined && ('log' in ready || 'healthy' in ready))
    throw new UsageError(
      `the ${'log' in ready ? 'log' : 'health check'} of ${control.name} is not seen here`,
      {
        last: `it already runs at ${elsewhere.text}`,
        hint: "wait for an answer: ready: { http: '/health' }, { tcp: true } or { check }",
      },
    )
  if ('all' in ready) return lookAtAll(ready.all.map((part) => createLook(control, part)))
  if ('log' in ready) return lookAtLog(control.log, ready)
  if ('healthy' in ready) return simple('the health check of its image', [], () => askHealth(control))
  if ('check' in ready)
    return simple('what its check asks for', [], (signal) => ready.check(placeFromHost(control), signal))
  const name = ready.port ?? MAIN
  if ('http' in ready) {
    const { http: path, status } = ready
    const wanted = status === undefined ? '' : ` with ${status}`
    return simple(`an answer to GET ${path}${wanted}`, [name], (signal) =>
      at(control, name, (target) => probeHttp({ ...target, path, status }, signal)),
    )
  }
  return simple('a connection', [name], (signal) => at(control, name, (target) => probeTcp(target, signal)))
}

/** Looks until the service is ready, time is up or the signal aborts. */
export function waitUntilReady(control: Control, look: Look, signal: AbortSignal): Promise<Waited<Checked>> {
  const usual = control.driver.elsewhere === undefined ? WITHIN : WITHIN_ELSEWHERE
  return poll<Checked>((over) => look.look(over), {
    what: `${control.name} to be ready: ${look.describe}`,
    within: milliseconds(control.spec.within ?? usual),
    judge: (found) => ({ met: found === true }),
    show: (found) => (found === true ? 'ready' : found),
    signal,
  })
}

function readyOf({ spec }: Control): Ready<string> {
  return spec.ready ?? (spec.port === 'none' ? 'started' : { tcp: true })
}

function simple(
  describe: string,
  ports: readonly string[],
  look: (signal: AbortSignal) => Promise<Checked>,
): Look {
  return { describe, ports, look, close: () => {} }
}

function lookAtAll(parts: readonly Look[]): Look {
  return {
    describe: parts.map(({ describe }) => describe).join(' and '),
    ports: parts.flatMap(({ ports }) => ports),
    async look(signal) {
      const found = await Promise.all(parts.map((part) => part.look(signal)))
      const missing = found.filter((what) => what !== true)
      return missing.length === 0 || missing.join('; ')
    },
    close: () => {
      for (const part of parts) part.close()
    },
  }
}

function lookAtLog(log: Log, { log: pattern, times = 1 }: { log: RegExp; times?: number | 'told' }): Look {
  let wanted = times === 'told' ? Number.POSITIVE_INFINITY : times
  let count = 0
  let last = 'it printed nothing'
  const close = log.listen(({ text }: Line) => {
    last = `last line: ${text}`
    pattern.lastIndex = 0
    const found = pattern.exec(text)
    if (found === null) return
    count += 1
    if (times === 'told') wanted = Number(found.groups?.['times'])
  })
  const often = { 1: '', told: ' as often as it says' }[times] ?? ` ${times} times`
  const so = () => (Number.isFinite(wanted) ? `${count} of ${wanted}` : `${count}`)
  return {
    describe: `a log line that matches ${pattern}${often}`,
    ports: [],
    look: async () => count >= wanted || (wanted === 1 ? last : `${so()}; ${last}`),
    close,
  }
}

async function askHealth({ launch }: Control): Promise<Checked> {
  const said = (await launch?.handle.health?.()) ?? 'it does not run in a container'
  return said === 'healthy' || said
}

async function at(
  control: Control,
  name: string,
  probe: (target: Target) => Promise<Checked>,
): Promise<Checked> {
  const { lease } = control
  const port = portOf(control, name)
  const address =
    (port === undefined ? undefined : lease?.answersAt?.(port)) ?? addressOf(control, HOST, name)
  return address === undefined ? `its port ${name} is not known yet` : probe(address)
}
