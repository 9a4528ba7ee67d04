import { formatDuration } from '../../duration.ts'
import { cleanDeep } from '../clean.ts'
import { criticalChain } from '../critical.ts'
import { createNames, type Names } from '../names.ts'
import { type RunResult, type ServiceResult, servicesOf } from '../result.ts'
import { describeExit } from './collect/moments.ts'
import type { Collection } from './collect.ts'
import { layLines } from './lay-lines.ts'
import type { PageLife, PageLink, PageModel, PagePart, PageScript } from './model.ts'
import { createPlaces, type PlacedPart, type Places } from './place.ts'

/** What a page is built with besides the run itself. */
export interface BuildOptions {
  /** The file with all lines of a service, relative to the page. */
  logFileOf(script: string, service: string): string | undefined
  /** How many log lines the page has at most. */
  readonly lines?: number | undefined
}

/** The run as the program in the page gets it: cleaned of everything that a viewer would obey. */
export function buildModel(collection: Collection, options: BuildOptions): PageModel {
  const { result, claims, requests, moments } = collection
  const places = createPlaces(result)
  const names = createNames()
  names.add(result.scripts.map(({ file }) => file))
  const began = Math.min(result.began, ...result.scripts.map((script) => script.began))
  const shift = createShift(began)
  const end = Math.max(result.lastEvent, result.began + result.seconds * 1000)
  const place = <T extends object>(event: Parameters<Places['of']>[0], item: T) => ({
    ...places.of(event),
    ...shift(item),
  })
  return cleanDeep({
    began,
    end: Math.round(end - began),
    scripts: scriptsOf(result, names).map(shift),
    parts: places.parts.map((part) => shift(toPart(part, places, names.nameOf(part.script)))),
    lives: servicesOf(result).map((life) => shift(toLife(life, { collection, places, end }))),
    claims: claims.claims.map(({ event, claim }) => place(event, claim)),
    exchanges: requests.exchanges.map(({ event, exchange }) => place(event, exchange)),
    loads: requests.loads.map(({ event, load }) => place(event, load)),
    marks: moments.marks.map(({ event, mark }) => place(event, mark)),
    faults: moments.faults(end).map((fault) => shift({ ...fault, script: places.scriptOf(fault.script) })),
    chain: linksOf(result, places).map(shift),
    logs: layLines(collection.lines, { ...options, began, places }),
    omitted: omissionsOf(collection),
  })
}

type Shift = <T extends object>(item: T) => T

const TIMES: readonly string[] = ['from', 'to', 'time', 'ready', 'stopping']

/** Turns times since 1970 into whole milliseconds since the run began. */
function createShift(began: number): Shift {
  return (item) => {
    const moved = Object.entries(item).map(([key, value]) =>
      TIMES.includes(key) && typeof value === 'number' ? [key, Math.round(value - began)] : [key, value],
    )
    return Object.fromEntries(moved)
  }
}

function scriptsOf(result: RunResult, names: Names): readonly PageScript[] {
  return result.scripts.map(({ file, outcome, began, seconds }) => ({
    file,
    name: names.nameOf(file),
    outcome,
    from: began,
    to: began + seconds * 1000,
  }))
}

function toPart(part: PlacedPart, places: Places, script: string): PagePart {
  const { id, title, outcome, began, seconds, at, reason } = part
  const errors = 'errors' in part ? part.errors : part.error === undefined ? [] : [part.error]
  const parent = id.includes('.') ? places.partOf(part.script, id.slice(0, id.lastIndexOf('.'))) : -1
  return {
    key: `${script}:${id}`,
    script: places.scriptOf(part.script),
    parent,
    depth: id.split('.').length - 1,
    title,
    outcome,
    from: began,
    to: began + seconds * 1000,
    at,
    reason,
    proves: 'proves' in part ? part.proves : [],
    errors: errors.map(({ message }) => message),
  }
}

function toLife(
  life: ServiceResult,
  { collection, places, end }: { collection: Collection; places: Places; end: number },
): PageLife {
  const { service, began, ready, stopping, stopped, exit, driver, version, endpoints } = life
  const { pid, command, ended } = collection.lives.detailsOf(life)
  const addresses = Object.entries(endpoints).map(([name, address]) => `${name} ${address}`)
  const known = version ?? collection.versions.versions[service]
  const boot = ready === undefined ? 'never ready' : `ready after ${formatDuration(ready - began)}`
  return {
    script: places.scriptOf(life.script),
    service,
    from: began,
    ready,
    stopping,
    to: stopped ?? ended ?? end,
    exit: exit === undefined ? undefined : describeExit(exit),
    died: exit?.expected === false,
    about: [
      known === undefined ? driver : `${known}, ${driver}`,
      pid === undefined ? '' : `pid ${pid}`,
      boot,
      ...addresses,
      command.join(' '),
    ].filter((text) => text !== ''),
  }
}

function linksOf(result: RunResult, places: Places): readonly PageLink[] {
  const chain = criticalChain(result)
  if (chain === undefined) return []
  return chain.links.map(({ kind, what, step, began, ended }) => {
    const part = places.parts.findIndex(
      ({ script, title, began: from, seconds }) =>
        script === chain.script &&
        title === (step ?? what) &&
        from <= began + 1 &&
        from + seconds * 1000 >= ended - 1,
    )
    return { kind, what, part, from: began, to: ended }
  })
}

function omissionsOf({ claims, requests, moments }: Collection): readonly string[] {
  const counts = { claims: claims.omitted, requests: requests.omitted, moments: moments.omitted }
  return Object.entries(counts).flatMap(([what, count]) =>
    count === 0 ? [] : `${count.toLocaleString('en')} ${what}`,
  )
}
