import { rmSync } from 'node:fs'
import { platform } from 'node:process'
import { HOST, type Viewer } from '../../reference.ts'
import type { Address, Lease, LeaseRequest } from '../driver.ts'
import { openGuard } from '../guard.ts'
import { leaseOnHost, leaseWanted, makeServiceFolder } from '../lease.ts'
import { leasePort, type PortLease } from '../ports.ts'
import { refuseThere } from './absent.ts'
import type { Boxed } from './container.ts'
import { isRemote, publishedAt } from './engine.ts'
import { ensureImage } from './image.ts'
import { CONTAINERS, joinNetwork, leaveNetwork, type Network } from './network.ts'
import { engineVersion } from './version.ts'

/** What a container needs before it is made: an image, the network, ports of this machine, a folder. */
export interface ContainerLease extends Lease {
  readonly image: string
  /** Undefined where it is on that of this machine. */
  readonly network: Network | undefined
  /** For each port inside, the one of 127.0.0.1 through which the script reaches it. */
  readonly published: ReadonlyMap<number, number>
  /** The address on which they are published. */
  readonly reached: string
  /** Where it is on the network of the run, once it runs. */
  ip: string | undefined
}

/** Inside, a program listens for whoever comes over the network of the run. */
const EVERYWHERE = '0.0.0.0'

/** Leases all of it, side by side. `release` gives back everything but the container itself. */
export async function leaseContainer(container: Boxed, request: LeaseRequest): Promise<ContainerLease> {
  openGuard()
  await engineVersion()
  if (isRemote() && container.standing !== 'deployed')
    throw refuseThere(`${request.service} cannot run in the place of a process`)
  return container.standing === 'machine'
    ? leaseOnMachine(container, request)
    : leaseInside(container, request)
}

async function leaseOnMachine(container: Boxed, request: LeaseRequest): Promise<ContainerLease> {
  const image = await ensureImage(container, request.signal)
  const lease = await leaseOnHost(request)
  return Object.assign(lease, {
    image,
    network: undefined,
    published: new Map<number, number>(),
    reached: lease.host,
    ip: undefined,
  })
}

async function leaseInside(container: Boxed, request: LeaseRequest): Promise<ContainerLease> {
  const [image, network, ports, reached] = await Promise.allSettled([
    ensureImage(container, request.signal),
    joinNetwork(),
    leasePorts(container, request),
    publishedAt(),
  ])
  if (
    image.status === 'rejected' ||
    network.status === 'rejected' ||
    ports.status === 'rejected' ||
    reached.status === 'rejected'
  ) {
    if (ports.status === 'fulfilled') for (const { held } of ports.value.values()) held.release()
    await leaveNetwork()
    throw [image, network, ports, reached].find((part) => part.status === 'rejected')?.reason
  }
  return createLease({
    request,
    image: image.value,
    network: network.value,
    ports: ports.value,
    reached: reached.value,
  })
}

interface Port {
  /** The number inside. */
  readonly inside: number
  readonly held: PortLease
}

/** As deployed, a number means the port inside; in the place of a process it is the same inside and on this machine. */
async function leasePorts({ standing }: Boxed, { service, ports }: LeaseRequest): Promise<Map<string, Port>> {
  const deployed = standing === 'deployed'
  const leased = new Map<string, Port>()
  for (const [name, fixed] of Object.entries(ports)) {
    const held = fixed === undefined || deployed ? await leasePort() : leaseWanted(service, fixed)
    leased.set(name, { inside: deployed ? (fixed ?? held.port) : held.port, held })
  }
  return leased
}

interface Parts {
  readonly request: LeaseRequest
  readonly image: string
  readonly network: Network
  readonly ports: Map<string, Port>
  readonly reached: string
}

function createLease({ request, image, network, ports, reached }: Parts): ContainerLease {
  const dir = makeServiceFolder(request)
  const lease: ContainerLease = {
    image,
    network,
    reached,
    dir,
    host: EVERYWHERE,
    ip: undefined,
    get ports() {
      return Object.fromEntries([...ports].map(([name, { inside }]) => [name, inside]))
    },
    get published() {
      return new Map([...ports.values()].map(({ inside, held }) => [inside, held.port]))
    },
    // Who accepts on the published port is the engine, whether or not anybody listens inside.
    answersAt: (port) =>
      platform === 'linux' && !isRemote() && lease.ip !== undefined ? { host: lease.ip, port } : undefined,
    addressFor: (viewer, port) => addressFor({ viewer, port, lease, service: request.service }),
    async exchange(name) {
      const old = ports.get(name)
      const held = await leasePort(new Set([old?.held.port ?? 0]))
      const isSame = old === undefined || old.inside === old.held.port
      ports.set(name, { inside: isSame ? held.port : old.inside, held })
      old?.held.release()
      return lease
    },
    async release() {
      for (const { held } of ports.values()) held.release()
      rmSync(dir, { recursive: true, force: true })
      await leaveNetwork()
    },
  }
  return lease
}

interface Asked {
  readonly viewer: Viewer
  readonly port: number
  readonly lease: ContainerLease
  readonly service: string
}

/** From the script through its published port; a port that the program chose itself is not published, and is on the network only. */
function addressFor({ viewer, port, lease, service }: Asked): Address | undefined {
  if (viewer.place === CONTAINERS.place) return { host: service, port }
  const published = lease.published.get(port)
  // Who is on another network comes through this machine.
  if (viewer.place !== HOST.place) return published === undefined ? undefined : viewer.toHost?.(published)
  if (published !== undefined) return { host: lease.reached, port: published }
  return lease.ip === undefined ? undefined : { host: lease.ip, port }
}
