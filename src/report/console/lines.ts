import { formatDuration } from '../../duration.ts'
import type { Event, EventOf } from '../../event.ts'
import { toOneLine } from '../clean.ts'
import { count, type Style } from './style.ts'

/** A line about an event. */
export interface Line {
  readonly text: string
  /**
   * `now`: shown when it happens. `detail`: shown below the step that it belongs to, when that has ended. `wait`: shown
   * at once, unless a live region shows it. `verbose`: only for those who asked for everything.
   */
  readonly when: 'now' | 'detail' | 'wait' | 'verbose'
}

/** What a console says about an event; undefined for those that are told as part of something else. */
export function describeEvent(event: Event, style: Style): Line | undefined {
  switch (event.kind) {
    case 'service:starting':
    case 'service:ready':
    case 'service:signal':
    case 'service:exit':
    case 'service:stopping':
    case 'service:stopped':
      return describeService(event, style)
    case 'wait:progress':
      return { when: 'wait', text: describeWait(event, style) }
    case 'claim':
      return { when: 'verbose', text: describeClaim(event, style) }
    case 'log':
      return describeLog(event, style)
    case 'traffic:end':
      return { when: 'detail', text: describeLoad(event, style) }
    case 'exchange':
      return { when: 'verbose', text: describeExchange(event, style) }
    case 'command':
      return { when: 'verbose', text: describeCommand(event, style) }
    case 'evidence':
      return { when: 'now', text: describeEvidence(event, style) }
    case 'fault':
      return {
        when: 'detail',
        text: `${style.paint('yellow', style.signs.signal)} ${event.active ? '' : 'end of '}${event.what}`,
      }
    case 'finding':
      return { when: 'detail', text: describeFinding(event, style) }
    case 'leak':
      return { when: 'now', text: describeLeak(event, style) }
    case 'note':
      return { when: event.level === 'debug' ? 'verbose' : 'now', text: describeNote(event, style) }
    default:
      return undefined
  }
}

/** The main address as it is, further ones with their names. */
export function describeEndpoints(endpoints: Readonly<Record<string, string>>): string {
  const texts = Object.entries(endpoints).map(([name, address]) =>
    name === 'main' ? address : `${name} ${address}`,
  )
  return texts.join('  ')
}

type ServiceKind = 'starting' | 'ready' | 'signal' | 'exit' | 'stopping' | 'stopped'
type ServiceEvent = Extract<Event, { readonly kind: `service:${ServiceKind}` }>

function describeService(event: ServiceEvent, style: Style): Line {
  const { signs, paint } = style
  const { service } = event
  switch (event.kind) {
    case 'service:starting': {
      const after = event.after.length === 0 ? '' : ` after ${event.after.join(', ')}`
      const command = toOneLine(event.command.join(' '))
      if (event.driver === 'elsewhere')
        return { when: 'verbose', text: paint('dim', `${service} is looked for${after}: ${command}`) }
      return { when: 'verbose', text: paint('dim', `${service} starts${after}: ${command}`) }
    }
    case 'service:ready':
      return { when: 'now', text: describeReady(event, style) }
    case 'service:signal':
      return { when: 'detail', text: `${paint('yellow', signs.signal)} ${event.signal} to ${service}` }
    case 'service:exit': {
      const text = `${service} ${describeExit(event)}`
      if (event.expected) return { when: 'verbose', text: paint('dim', text) }
      return { when: 'detail', text: `${paint('yellow', signs.warning)} ${text}` }
    }
    case 'service:stopping':
      return { when: 'verbose', text: paint('dim', `${service} is told to stop with ${event.signal}`) }
    case 'service:stopped':
      return describeStopped(event, style)
  }
}

function describeReady(event: EventOf<'service:ready'>, { signs, paint }: Style): string {
  const version = event.version === undefined ? '' : ` ${paint('dim', event.version)}`
  const time = paint('dim', `ready in ${formatDuration(event.milliseconds)}`)
  const where = describeEndpoints(event.endpoints)
  if (event.elsewhere !== undefined)
    return `${paint('cyan', signs.ready)} ${event.service}${version} already runs at ${event.elsewhere} ${time}`
  const kept = event.kept === undefined ? '' : ` ${event.kept},`
  return `${paint('cyan', signs.ready)} ${event.service}${version}${kept} ${time}${where === '' ? '' : `  ${where}`}`
}

function describeStopped(event: EventOf<'service:stopped'>, { signs, paint }: Style): Line {
  const { service, forced, swept, goesOn } = event
  if (goesOn !== undefined) return { when: 'verbose', text: paint('dim', `${service} is let go: ${goesOn}`) }
  const time = formatDuration(event.milliseconds)
  const more = swept.length === 0 ? '' : `, ${count(swept.length, 'process', 'processes')} of it swept`
  if (forced) {
    return {
      when: 'now',
      text: `${paint('yellow', signs.warning)} ${service} had to be killed after ${time}${more}`,
    }
  }
  return { when: more === '' ? 'verbose' : 'now', text: paint('dim', `${service} stopped in ${time}${more}`) }
}

/** `exited with code 1`, `was ended by SIGKILL`. */
export function describeExit(exit: { readonly code: number | null; readonly signal: string | null }): string {
  return exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`
}

function describeWait(event: EventOf<'wait:progress'>, { signs, paint }: Style): string {
  const since = formatDuration(event.milliseconds)
  return paint(
    'dim',
    `${signs.wait} waits ${since} for ${toOneLine(event.what)}, last saw ${toOneLine(event.last)}`,
  )
}

function describeClaim(event: EventOf<'claim'>, { outcome, paint }: Style): string {
  const verdict = event.met ? 'passed' : event.aborted === true ? 'interrupted' : 'failed'
  const looks = event.count === undefined || event.count === 1 ? '' : `, ${event.count} reads`
  const time = event.milliseconds < 1 ? '' : paint('dim', `  ${formatDuration(event.milliseconds)}${looks}`)
  const last =
    event.aborted === true
      ? ', broken off'
      : event.expected.endsWith(event.last)
        ? ''
        : `, was ${toOneLine(event.last)}`
  return `${outcome(verdict)} ${toOneLine(event.what)} ${event.matcher} ${toOneLine(event.expected)}${last}${time}`
}

/** What a script prints itself is always shown; what services print only to those who asked for everything. */
function describeLog(event: EventOf<'log'>, { signs, paint }: Style): Line {
  if (event.service === 'script') return { when: 'now', text: `${paint('dim', signs.bar)} ${event.line}` }
  return { when: 'verbose', text: paint('dim', `${event.service} ${signs.bar} ${event.line}`) }
}

function describeLoad(event: EventOf<'traffic:end'>, { signs, paint }: Style): string {
  const { total, errors, late, seconds, latency, crossed } = event
  const parts = [
    `${count(total, 'request')} to ${toOneLine(event.what)} in ${formatDuration(seconds * 1000)}`,
  ]
  for (const name of ['p50', 'p95', 'p99']) {
    const value = latency[name]
    if (value !== undefined) parts.push(`${name} ${formatDuration(value)}`)
  }
  if (errors > 0) parts.push(paint('yellow', count(errors, 'error')))
  if (late > 0) parts.push(paint('yellow', `${late} late`))
  for (const rule of crossed) parts.push(paint('red', `crossed ${rule}`))
  return `${paint('cyan', signs.load)} ${parts.join('  ')}`
}

function describeExchange(event: EventOf<'exchange'>, { paint }: Style): string {
  const answer = event.status ?? event.error ?? 'no answer'
  return paint(
    'dim',
    `${event.method} ${event.url}  ${toOneLine(String(answer))}  ${formatDuration(event.milliseconds)}`,
  )
}

function describeCommand(event: EventOf<'command'>, { paint }: Style): string {
  const exit = event.code === 0 ? '' : `  exit ${event.code ?? 'by signal'}`
  return paint('dim', `$ ${toOneLine(event.line)}${exit}  ${formatDuration(event.milliseconds)}`)
}

function describeEvidence(event: EventOf<'evidence'>, { signs, paint }: Style): string {
  const missing = event.missing.length === 0 ? '' : `; not ${event.missing.join(', ')}`
  return paint(
    'dim',
    `${signs.note} evidence: ${count(event.files.length, 'file')} in ${event.folder}${toOneLine(missing)}`,
  )
}

function describeFinding(event: EventOf<'finding'>, { signs, paint }: Style): string {
  return `${paint('yellow', signs.finding)} ${event.id}: ${toOneLine(event.reason)}`
}

function describeLeak(event: EventOf<'leak'>, { signs, paint }: Style): string {
  const then = event.ended ? ', ended now' : ', still there'
  return `${paint('red', signs.warning)} left behind: ${toOneLine(event.what)} ${toOneLine(event.detail)}${then}`
}

function describeNote(event: EventOf<'note'>, { signs, paint }: Style): string {
  const text = toOneLine(event.text)
  return event.level === 'notice'
    ? `${paint('yellow', signs.note)} ${text}`
    : paint('dim', `${signs.note} ${text}`)
}
