import { chownSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PreflightError } from '../error.ts'
import { HOST, type Viewer } from '../reference.ts'
import type { Address, Lease, LeaseRequest } from './driver.ts'
import { openGuard } from './guard.ts'
import { leaseFixedPort, leasePort, type PortLease } from './ports.ts'
import { identityOf } from './process/spawn.ts'
import { inState } from './state.ts'

const LOOPBACK = '127.0.0.1'

/** Leases what a program on this machine needs: ports on the loopback, and a folder. */
export async function leaseOnHost(request: LeaseRequest): Promise<Lease> {
  openGuard()
  const held = new Map<string, PortLease>()
  for (const [name, fixed] of Object.entries(request.ports)) {
    held.set(name, fixed === undefined ? await leasePort() : leaseWanted(request.service, fixed))
  }
  const dir = makeServiceFolder(request)
  const lease: Lease = {
    host: LOOPBACK,
    get ports() {
      return Object.fromEntries([...held].map(([name, { port }]) => [name, port]))
    },
    dir,
    addressFor,
    async exchange(name) {
      const old = held.get(name)
      const next = await leasePort(new Set([old?.port ?? 0]))
      held.set(name, next)
      old?.release()
      return lease
    },
    async release() {
      for (const { release } of held.values()) release()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return lease
}

/** Where what listens on the loopback of this machine is for that viewer. */
export function addressFor(viewer: Viewer, port: number): Address | undefined {
  return viewer.place === HOST.place ? { host: LOOPBACK, port } : viewer.toHost?.(port)
}

/** The lease of the port that the user asks for; throws a PreflightError while another run has it. */
export function leaseWanted(service: string, port: number): PortLease {
  const lease = leaseFixedPort(port)
  if (lease !== undefined) return lease
  throw new PreflightError(`port ${port} of ${service} is in use by another run`, {
    hint: 'wait for it to end, or leave the port out: a free one is taken then',
  })
}

/** The folder of a service below that of the run, owned by whom it runs as. */
export function makeServiceFolder({ service, user }: LeaseRequest): string {
  const dir = join(openGuard().folder, service)
  const { uid, gid } = identityOf(user)
  return inState(() => {
    mkdirSync(dir, { recursive: true })
    if (uid !== undefined && gid !== undefined) chownSync(dir, uid, gid)
    return dir
  })
}
