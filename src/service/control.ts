import { basename } from 'node:path'
import type { CallSite } from '../call-site.ts'
import type { Context } from '../context.ts'
import { type Failure, UsageError } from '../error.ts'
import { HOST, type Owner, render, type Viewer } from '../reference.ts'
import { nameOfSource } from './docker/container.ts'
import type { Address, Driver, Exit, Handle, Lease } from './driver.ts'
import { driverFor } from './driver-for.ts'
import { actOf, isInProcess } from './in-process/run.ts'
import { createLog, type Log } from './log.ts'
import type { AnySpec, Place } from './spec.ts'

/** The key under which a program carries its control block, through every extension of its object. */
export const control: unique symbol = Symbol('shakedown.control')

/** The name of the port that is meant when none is named. */
export const MAIN = 'main'

/** What a service is doing. `dead`: it ended and nobody had asked for that. */
export type State = 'new' | 'starting' | 'running' | 'paused' | 'stopping' | 'stopped' | 'dead'

/** One life of a service, from its launch to its exit. */
export interface Launch {
  readonly handle: Handle
  readonly began: number
  /** Aborts when it is hopeless to wait for it: it exited, or logged what it never recovers from. */
  readonly over: AbortController
  exit: Exit | undefined
  /** It was ready once: from then on, how it ends matters. */
  ready: boolean
  /** The script asked for its end. */
  ending: boolean
  /** The last signal that the script sent. */
  asked: NodeJS.Signals | undefined
}

/** The control block of a service: one for each, however its object is extended. Only `src/service/` changes it. */
export interface Control extends Owner {
  readonly spec: AnySpec
  readonly driver: Driver
  readonly log: Log
  readonly needs: readonly Control[]
  state: State
  lease: Lease | undefined
  launch: Launch | undefined
  /** The port that the program chose itself. */
  announced: number | undefined
  /** Somebody that was launched already knows its address, so that it cannot move any more. */
  handedOut: boolean
  setUp: boolean
  /** The failure of an end that nobody asked for, until it is told. */
  death: Failure | undefined
  /** The start that is under way or was the last. */
  booting: PromiseWithResolvers<void>
  /** Resolves when nothing of that start goes on any more, however it went. */
  settled: Promise<void>
  /** Ends a start that is under way. */
  cancel: AbortController
  context: Context | undefined
  at: CallSite | undefined
  /** Who must be stopped before it. */
  readonly dependants: Set<Control>
  dismantled: Promise<void> | undefined
}

const controls = new WeakSet<Owner>()
const taken = new Map<string, number>()

/** Makes the control block of a service that is described by `spec`. */
export function createControl(spec: AnySpec, needs: readonly Control[]): Control {
  const name = nameService(spec)
  const log = createLog(name)
  const made: Control = {
    name,
    spec,
    needs,
    log,
    driver: spec.driver ?? driverFor(spec),
    lastLines: (count) => log.tail(count).map(({ text }) => text),
    state: 'new',
    lease: undefined,
    launch: undefined,
    announced: undefined,
    handedOut: false,
    setUp: false,
    death: undefined,
    booting: Promise.withResolvers(),
    settled: Promise.resolve(),
    cancel: new AbortController(),
    context: undefined,
    at: undefined,
    dependants: new Set(),
    dismantled: undefined,
  }
  controls.add(made)
  return made
}

/** True for owners of addresses that are services. */
export function isControl(owner: Owner): owner is Control {
  return controls.has(owner)
}

/** Where a port of the service is for that viewer; undefined for as long as it is not known. */
export function addressOf(service: Control, viewer: Viewer, name: string = MAIN): Address | undefined {
  const port = portOf(service, name)
  return port === undefined ? undefined : service.lease?.addressFor(viewer, port, name)
}

/** The number of a port where the program itself sees it. */
export function portOf(service: Control, name: string = MAIN): number | undefined {
  return service.lease?.ports[name] ?? (name === MAIN ? service.announced : undefined)
}

/** The place as the program itself sees it; throws a UsageError for a port that the program has not told yet. */
export function placeOf(service: Control, onPort: () => void = () => {}): Place<string> {
  return placeAt(service, leaseOf(service), onPort)
}

/** The same place as the script sees it: where it is to be looked at. */
export function placeFromHost(service: Control): Place<string> {
  const lease = leaseOf(service)
  const seen = (port: number) => lease.addressFor(HOST, port)
  const ports = Object.entries(lease.ports).map(([name, port]) => [name, seen(port)?.port ?? port] as const)
  const [first] = Object.values(lease.ports)
  const host = (first === undefined ? addressOf(service, HOST) : seen(first))?.host ?? lease.host
  return placeAt(service, { host, dir: lease.dir, ports: Object.fromEntries(ports) })
}

function leaseOf({ name, lease }: Control): Lease {
  if (lease === undefined) throw new UsageError(`${name} has no place yet: it was not started`)
  return lease
}

function placeAt(
  service: Control,
  { host, dir, ports }: Pick<Lease, 'host' | 'dir' | 'ports'>,
  onPort: () => void = () => {},
): Place<string> {
  return {
    host,
    dir,
    ports,
    get port() {
      onPort()
      const port = ports[MAIN] ?? portOf(service)
      if (port !== undefined) return port
      const why = service.spec.port === 'none' ? 'it has none' : 'it tells it itself, once it runs'
      throw new UsageError(`the port of ${service.name} is not known: ${why}`)
    },
  }
}

/** The addresses of a service by the names of its ports, as the script sees them. */
export function endpointsOf(service: Control): Readonly<Record<string, string>> {
  const names = [...new Set([MAIN, ...Object.keys(service.lease?.ports ?? {})])]
  return Object.fromEntries(
    names.flatMap((name) => {
      const address = addressOf(service, HOST, name)
      return address === undefined ? [] : [[name, `${address.host}:${address.port}`]]
    }),
  )
}

function nameService(spec: AnySpec): string {
  const base = (spec.name ?? firstWordOf(spec) ?? imageNameOf(spec) ?? 'service').replaceAll(/[^\w.-]/g, '-')
  const count = (taken.get(base) ?? 0) + 1
  taken.set(base, count)
  return count === 1 ? base : `${base}-${count}`
}

function imageNameOf({ container }: AnySpec): string | undefined {
  return container === undefined ? undefined : nameOfSource(container)
}

/** A command line that is a function is asked once more, for a place that does not exist, only to learn the program's name. */
function firstWordOf({ run }: AnySpec): string | undefined {
  try {
    const nowhere = { host: '', port: 0, ports: {}, dir: '' }
    if (isInProcess(run)) return actOf(run).name || undefined
    const [word] = typeof run === 'function' ? run(nowhere) : run
    return word === undefined ? undefined : basename(render(word))
  } catch {
    // It needs an address that is not known yet: then the service is called service.
    return undefined
  }
}
