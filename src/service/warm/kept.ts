import { readdirSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { milliseconds } from '../../duration.ts'
import { RUN_VARIABLE, runMark } from '../../run-id.ts'
import { settleWithin } from '../../wait/settle.ts'
import type { Handle, Lease } from '../driver.ts'
import { processDriver } from '../process/driver.ts'
import { SERVICE_VARIABLE } from '../process/family.ts'
import { digestOf } from './digest.ts'
import { type Launched, type Question, type Said, say } from './wire.ts'

/** A place that is kept for one script and one name, and what runs there. */
export interface Kept {
  readonly name: string
  readonly wanted: string
  readonly lease: Lease
  stop: Extract<Question, { ask: 'launch' }>['stop']
  digest: string
  handle: Handle | undefined
  isGone: boolean
  /** Who uses it now. */
  user: Socket | undefined
  /** Nothing was launched by its user yet. */
  isFresh: boolean
  /** Why it cannot stay as it is. */
  why: string | undefined
}

const GRACE = '10s'
const KILL_PATIENCE = 5000

/** Undefined while another process of the same script uses it. */
export async function lease(
  { key, service, user: account, ports }: Extract<Question, { ask: 'lease' }>,
  all: Map<string, Kept>,
  user: Socket,
): Promise<Kept | undefined> {
  const wanted = JSON.stringify([ports, account])
  const there = all.get(key)
  if (there?.user !== undefined) return undefined
  if (there !== undefined && there.wanted === wanted) return Object.assign(there, { user, isFresh: true })
  if (there !== undefined) await drop(key, all)
  // Of several scripts, of which each may call its services as it likes.
  const name = `${service}-${all.size + 1}`
  const made: Kept = {
    name,
    wanted,
    lease: await processDriver.lease({
      service: name,
      user: account,
      ports: Object.fromEntries(ports.map(([port, fixed]) => [port, fixed ?? undefined])),
    }),
    stop: undefined,
    digest: '',
    handle: undefined,
    isGone: false,
    user,
    isFresh: true,
    why: there === undefined ? undefined : 'its ports have changed',
  }
  all.set(key, made)
  return made
}

/** Where it is, as it is told. */
export function placeOf({ host, ports, dir }: Lease) {
  return { host, ports, dir }
}

/** Gives what runs there already where it is the same and nobody has done anything to it; else launches it. */
export async function launch(
  kept: Kept,
  { plan, stop, afresh }: Extract<Question, { ask: 'launch' }>,
): Promise<Launched> {
  const digest = digestOf(plan)
  const had = kept.digest !== ''
  if (kept.handle !== undefined && digest !== kept.digest) kept.why ??= 'it has changed'
  if (afresh !== undefined) kept.why = afresh
  if (kept.handle !== undefined && !kept.isGone && kept.why === undefined) {
    kept.isFresh = false
    return { pid: kept.handle.pid, isKept: true, why: undefined }
  }
  // A service that its own script starts again finds what it has written, and needs no word.
  const isAnew = kept.isFresh || afresh !== undefined
  const why = had && isAnew ? (kept.why ?? 'it had ended') : undefined
  await end(kept)
  if (isAnew) empty(kept.lease.dir)
  Object.assign(kept, { digest, stop, isFresh: false, isGone: false })
  kept.why = isAnew || !had ? undefined : 'its script had started it again'
  const variables = { ...plan.env, [RUN_VARIABLE]: runMark, [SERVICE_VARIABLE]: kept.name }
  const handle = await processDriver.launch({
    ...plan,
    service: kept.name,
    env: variables,
    write: (stream, chunk) => tell(kept, { stream, chunk: Buffer.from(chunk).toString('base64') }),
    end: (stream) => tell(kept, { end: stream }),
  })
  kept.handle = handle
  void handle.exited.then((exit) => {
    if (kept.handle !== handle) return
    kept.isGone = true
    kept.why ??= 'it had ended'
    tell(kept, { exit })
  })
  return { pid: handle.pid, isKept: false, why }
}

function tell({ user }: Kept, message: Said): void {
  if (user !== undefined) say(user, message)
}

/** Its script needs it no more: true where it may stay as it is. */
export function letStay(kept: Kept): boolean {
  if (kept.why !== undefined || kept.handle === undefined || kept.isGone) return false
  kept.user = undefined
  return true
}

/** Whoever goes without a word has left it in a state that nobody knows. */
export async function leave(kept: Kept | undefined, socket: Socket): Promise<void> {
  if (kept === undefined || kept.user !== socket) return
  kept.user = undefined
  kept.why ??= 'its script was ended'
  await end(kept)
}

/** Ends what is kept for that key, and gives its place back. */
export async function drop(key: string, all: Map<string, Kept>): Promise<void> {
  const kept = all.get(key)
  if (kept === undefined || kept.user !== undefined) return
  all.delete(key)
  await giveBack(kept)
}

/** Ends it as its spec says, and gives its place back. */
export async function giveBack(kept: Kept): Promise<void> {
  await end(kept)
  await kept.lease.release()
}

async function end(kept: Kept): Promise<void> {
  const { handle, stop = {} } = kept
  kept.handle = undefined
  if (handle === undefined) return
  await handle.signal(stop.signal ?? 'SIGTERM', stop.to ?? 'leader')
  await handle.signal('SIGCONT', 'group')
  const exit = await settleWithin(handle.exited, milliseconds(stop.within ?? GRACE))
  if (exit === undefined) {
    await handle.signal('SIGKILL', 'group')
    await settleWithin(handle.exited, KILL_PATIENCE)
  }
  await handle.sweep()
}

function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
}
