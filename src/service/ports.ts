import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PreflightError } from '../error.ts'
import { claimFile, type Holder, readHolder } from './claim.ts'
import { listFolder } from './list-folder.ts'
import { isAlive } from './process/identity.ts'
import { makeStateFolder, stateFolder } from './state.ts'

/** A port that no other run of this user takes until it is released. */
export interface PortLease {
  readonly port: number
  release(): void
}

const TRIES = 200
const LOWEST = 15_000

/** Leases a free port below the range from which the kernel gives ports to clients; never one of `but`. */
export async function leasePort(but: ReadonlySet<number> = new Set()): Promise<PortLease> {
  const [from, to] = portRange()
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = from + Math.floor(Math.random() * (to - from))
    if (but.has(port)) continue
    const lease = claim(port)
    if (lease === undefined) continue
    if (await isFree(port)) return lease
    lease.release()
  }
  throw new PreflightError(`no free port was found between ${from} and ${to}`, {
    last: `${TRIES} were tried`,
    hint: 'see who holds them: ss -ltnp',
  })
}

/** Leases this very port; undefined while another run holds its lease. Whether it is free is for the caller to find out. */
export function leaseFixedPort(port: number): PortLease | undefined {
  return claim(port)
}

/** Releases every lease of a run that is over: its ports. */
export function releasePortsOf(run: string): readonly number[] {
  return releaseWhere((holder) => holder.run === run)
}

/** Releases the leases whose holders are gone. */
export function releaseStalePorts(): readonly number[] {
  return releaseWhere((holder) => !isAlive(holder))
}

function releaseWhere(isOver: (holder: Holder) => boolean): readonly number[] {
  const folder = join(stateFolder(), 'ports')
  return listFolder(folder).flatMap((name) => {
    const file = join(folder, name)
    const holder = readHolder(file)
    if (holder === undefined || !isOver(holder)) return []
    rmSync(file, { force: true })
    return /^\d+$/.test(name) ? [Number(name)] : []
  })
}

function claim(port: number): PortLease | undefined {
  const claimed = claimFile(join(makeStateFolder('ports'), String(port)))
  return claimed === undefined ? undefined : { port, release: claimed.release }
}

/** Ports that the kernel gives to clients by itself can be taken between lease and bind by any connection of anybody. */
function portRange(): readonly [from: number, to: number] {
  const [low, high] = ephemeralRange()
  if (low - LOWEST >= 1000) return [LOWEST, low]
  return 65_535 - high >= 1000 ? [high + 1, 65_536] : [LOWEST, 65_536]
}

function ephemeralRange(): readonly [low: number, high: number] {
  try {
    const [low, high] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').trim().split(/\s+/)
    return [Number(low), Number(high)]
  } catch {
    // No /proc: the range of macOS and Windows.
    return [49_152, 65_535]
  }
}

async function isFree(port: number): Promise<boolean> {
  const { default: getPort } = await import('get-port')
  return (await getPort({ port })) === port
}
