import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Viewer } from '../../reference.ts'
import { runId } from '../../run-id.ts'
import { engineAddress, publishedAt } from '../docker/engine.ts'
import { createViewer, HOST_NAME, joinNetwork, leaveNetwork, type Network } from '../docker/network.ts'
import { forgetObject, nameInRun, RUN_LABEL } from '../docker/object.ts'
import { removeObject } from '../docker/remove.ts'
import { engineVersion } from '../docker/version.ts'
import { openGuard } from '../guard.ts'
import { leasePort, type PortLease } from '../ports.ts'
import { inState } from '../state.ts'
import { readConfig, runCompose } from './command.ts'
import { buildImages } from './images.ts'
import {
  adaptService,
  claimForRun,
  type Described,
  type Naming,
  namesOf,
  type Part,
  type Placing,
  readServices,
} from './model.ts'

/** A Compose file as one run has it. */
export interface Project {
  readonly file: string
  readonly services: ReadonlyMap<string, Described>
  /** Makes everything of it once; nothing of it runs. Each call is to be met by one of `close`. */
  open(signal?: AbortSignal): Promise<Opened>
  /** Makes the container of one service anew, where the script wants of it what the file does not say. */
  adapt(name: string, wish: Wish): Promise<void>
  /** With the last one, its containers, networks and volumes go. */
  close(): Promise<void>
  /** Says which ports of a service are wanted. Before it is opened. */
  place(name: string, ports: readonly number[]): void
  /** From where its services look at addresses: they know each other by their names in the file. */
  readonly viewer: Viewer
}

/** What a script says of a service on top of its file. */
export interface Wish {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** What was made of it. */
export interface Opened {
  readonly network: Network
  readonly placings: ReadonlyMap<string, Placing>
}

/** The project of that file. Asks Compose at once what is in it; nothing is started. */
export function createProject(
  file: string,
  variables: Readonly<Record<string, string>>,
  number: number,
): Project {
  const config = readConfig(file, variables)
  const services = readServices(config)
  const wanted = new Map<string, readonly number[]>()
  const nameOf = (...parts: readonly string[]) => nameInRun(`compose${number}`, ...parts)
  let users = 0
  let opening: Promise<Making> | undefined
  let adapting: Promise<void> = Promise.resolve()
  return {
    file,
    services,
    viewer: createViewer(`compose ${number}`),
    place: (name, ports) => wanted.set(name, ports),
    open(signal) {
      users += 1
      opening ??= make({ config, wanted, nameOf, number }, signal)
      return opening
    },
    async adapt(name, wish) {
      const made = await opening
      if (made === undefined) return
      // Compose does not like to be asked twice at a time about one project.
      const turn = adapting.then(() => adaptOne(made, name, wish))
      adapting = turn.catch(() => {})
      await turn
    },
    async close() {
      users -= 1
      const made = opening
      if (users > 0 || made === undefined) return
      opening = undefined
      await made.then(unmake, () => {
        // It was never made; what there was of it is gone.
      })
    },
  }
}

interface Plan {
  readonly config: unknown
  readonly wanted: ReadonlyMap<string, readonly number[]>
  readonly number: number
  nameOf(...parts: readonly string[]): string
}

interface Making extends Opened {
  readonly name: string
  readonly file: string
  readonly claimed: Part
  readonly wishes: Map<string, Wish>
  readonly leases: readonly PortLease[]
  readonly objects: readonly { readonly what: 'container' | 'network' | 'volume'; readonly name: string }[]
}

async function make(plan: Plan, signal: AbortSignal | undefined): Promise<Making> {
  await engineVersion()
  const leases: PortLease[] = []
  let making: Making | undefined
  try {
    const network = await joinNetwork()
    const placings = await placeAll(plan, leases)
    const claimed = claimAll(plan, { network, leases, placings })
    making = { ...claimed, claimed: await buildImages(claimed.claimed, [...placings.keys()], signal) }
    await create(making, signal)
    return making
  } catch (error) {
    await unmake({ leases, objects: making?.objects ?? [] })
    throw error
  }
}

async function placeAll({ wanted, nameOf }: Plan, leases: PortLease[]): Promise<Map<string, Placing>> {
  const placings = new Map<string, Placing>()
  const reached = await publishedAt()
  for (const [name, ports] of wanted) {
    const published = new Map<number, number>()
    for (const inside of new Set(ports)) {
      const lease = await leasePort()
      leases.push(lease)
      published.set(inside, lease.port)
    }
    placings.set(name, { container: nameOf(name), published, reached })
  }
  return placings
}

function claimAll(
  { config, number, nameOf }: Plan,
  places: Pick<Making, 'network' | 'placings' | 'leases'>,
): Making {
  const { network, placings } = places
  const labels = { [RUN_LABEL]: runId }
  const naming: Naming = { labels, gateway: network.gateway, hostName: HOST_NAME, nameOf, placings }
  return {
    ...places,
    objects: [
      ...[...placings.values()].map(({ container }) => ({ what: 'container' as const, name: container })),
      ...namesOf(config, 'networks', naming).map((name) => ({ what: 'network' as const, name })),
      ...namesOf(config, 'volumes', naming).map((name) => ({ what: 'volume' as const, name })),
    ],
    name: nameInRun(`compose${number}`),
    file: join(openGuard().folder, `compose${number}.json`),
    claimed: claimForRun(config, naming),
    wishes: new Map(),
  }
}

async function create(making: Making, signal: AbortSignal | undefined): Promise<void> {
  const guard = openGuard()
  const engine = engineAddress()
  for (const object of making.objects) guard.noteObject({ ...object, engine })
  await callCompose(making, ['--quiet-pull', ...making.placings.keys()], signal)
  for (const object of making.objects) guard.noteObject({ ...object, engine }, true)
}

async function adaptOne(making: Making, service: string, wish: Wish): Promise<void> {
  const before = making.wishes.get(service) ?? { command: [], env: {} }
  if (isDeepStrictEqual(before, wish)) return
  making.wishes.set(service, wish)
  await callCompose(making, ['--no-deps', '--force-recreate', service])
}

async function callCompose(making: Making, words: readonly string[], signal?: AbortSignal): Promise<void> {
  const { claimed, wishes, file, name } = making
  const wanted = [...wishes].reduce((whole, [service, wish]) => adaptService(whole, service, wish), claimed)
  inState(() => writeFileSync(file, JSON.stringify(wanted, null, 2), { mode: 0o600 }))
  await runCompose(['--project-name', name, '--file', file, 'up', '--no-start', ...words], signal)
}

async function unmake({ objects, leases }: Pick<Making, 'objects' | 'leases'>): Promise<void> {
  const engine = engineAddress()
  for (const what of ['container', 'network', 'volume'] as const) {
    const some = objects.filter((object) => object.what === what)
    await Promise.all(some.map((object) => removeObject({ ...object, engine })))
  }
  for (const { name } of objects) forgetObject(name)
  for (const lease of leases) lease.release()
  await leaveNetwork()
}
