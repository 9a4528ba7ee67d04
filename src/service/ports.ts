import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PreflightError } from '../error.ts'
import { runId } from '../run-id.ts'
import { type Identity, identify, isAlive } from './process/identity.ts'
import { inState, makeStateFolder, stateFolder } from './state.ts'

/** A port that no other run of this user takes until it is released. */
export interface PortLease {
  readonly port: number
  release(): void
}

/** Who leased a port, as its file says. */
interface Holder extends Identity {
  readonly run: string
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

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Nobody ever leased a port.
    return []
  }
}

function claim(port: number): PortLease | undefined {
  const folder = makeStateFolder('ports')
  const file = join(folder, String(port))
  const own = join(folder, `${process.pid}-${port}.new`)
  const self = identify(process.pid)
  inState(() => writeFileSync(own, JSON.stringify({ ...self, run: runId })))
  try {
    // A link appears with its content and only if there was none: nobody ever reads half a lease.
    if (!link(own, file) && !(removeStale(file, own) && link(own, file))) return undefined
    return { port, release: () => rmSync(file, { force: true }) }
  } finally {
    rmSync(own, { force: true })
  }
}

/** Takes away the lease of a process that is gone; of two that try, one succeeds. */
function removeStale(file: string, own: string): boolean {
  const holder = readHolder(file)
  if (holder === undefined || isAlive(holder)) return false
  const aside = `${own}.stale`
  try {
    renameSync(file, aside)
  } catch {
    // Another run was quicker.
    return false
  }
  const moved = readHolder(aside)
  // Between the look and the move somebody else may have leased it: then it goes back.
  if (moved !== undefined && isAlive(moved)) link(aside, file)
  rmSync(aside, { force: true })
  return moved === undefined || !isAlive(moved)
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // Released meanwhile.
    return undefined
  }
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
