import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs'
import type { Listener } from '../driver.ts'
import { system } from './system.ts'
import { listProcesses, readCommand } from './table.ts'

/** Loopback and "all addresses", as /proc/net/tcp and tcp6 write them. The first two lists are the most specific. */
const LOOPBACK = ['0100007F', '0000000000000000FFFF00000100007F', '00000000000000000000000001000000']
const LISTENING = '0A'

/** A listening socket of this machine. */
export interface ListeningSocket {
  readonly address: string
  readonly inode: string
  readonly uid: number
}

/** Whose is the socket that answers on a port of the loopback, given the pids that are ours. */
export function findListener(port: number, ours: readonly number[]): Listener {
  const sockets = listListening(port)
  if (sockets === undefined) return { whose: 'unknown' }
  // The most specific address answers: whoever listens on all of them gets what is left.
  const specific = sockets.filter(({ address }) => LOOPBACK.includes(address))
  const answering = specific.length > 0 ? specific : sockets.filter(({ address }) => /^0*$/.test(address))
  if (answering.length === 0) return { whose: 'nobody' }
  const own = ours.map(listSockets)
  const foreign = answering.find(({ inode }) => !own.some((sockets) => sockets?.has(inode)))
  if (foreign === undefined) return { whose: 'ours' }
  // Of a process of another user one sees no sockets: it may well be its own.
  if (own.includes(undefined)) return { whose: 'unknown' }
  return { whose: 'foreign', who: describeHolder(foreign) }
}

/** Every socket that listens on the port; undefined where the system does not tell. */
export function listListening(port: number): readonly ListeningSocket[] | undefined {
  if (!system.hasListeners) return undefined
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return (hasSockets6() ? ['tcp', 'tcp6'] : ['tcp']).flatMap((name) =>
    readListening(`/proc/net/${name}`).flatMap(([, local = '', , , , , , uid, , inode = '']) => {
      if (!local.endsWith(wanted)) return []
      return [{ address: local.slice(0, -wanted.length), inode, uid: Number(uid) }]
    }),
  )
}

/** A table without a row costs the kernel a walk through all its connections, milliseconds of them: it is not asked for. */
function hasSockets6(): boolean {
  try {
    return !/^TCP6: inuse 0$/m.test(readFileSync('/proc/net/sockstat6', 'latin1'))
  } catch {
    // No IPv6 on this machine, or a system that does not count: the table itself says so.
    return true
  }
}

/** The pids that hold one of these sockets, as far as this user may see. */
export function findHolders(sockets: readonly ListeningSocket[]): readonly number[] {
  return listProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => {
      const held = listSockets(pid)
      return sockets.some(({ inode }) => held?.has(inode))
    })
}

function describeHolder(socket: ListeningSocket): string {
  const [pid] = findHolders([socket])
  return pid === undefined ? `a process of user ${socket.uid}` : `pid ${pid} (${readCommand(pid)})`
}

/** The inodes of a process's sockets; empty when it is gone, undefined when this user may not look. */
function listSockets(pid: number): ReadonlySet<string> | undefined {
  const folder = `/proc/${pid}/fd`
  try {
    const links = readdirSync(folder).map((name) => readLink(`${folder}/${name}`))
    return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
  } catch (error) {
    const refused = error instanceof Error && 'code' in error && error.code === 'EACCES'
    return refused ? undefined : new Set()
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    // Closed meanwhile.
    return ''
  }
}

/**
 * The rows of listening sockets. The kernel writes those first, and only then the connections, of which there may be tens of
 * thousands after a load: reading ends where they begin.
 */
function readListening(path: string): readonly (readonly string[])[] {
  const buffer = Buffer.alloc(65_536)
  const rows: string[][] = []
  let file: number | undefined
  let rest = ''
  try {
    file = openSync(path, 'r')
    for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
      const lines = (rest + buffer.toString('latin1', 0, size)).split('\n')
      rest = lines.pop() ?? ''
      const found = lines.map((line) => line.trim().split(/\s+/)).filter(([number]) => number !== 'sl')
      rows.push(...found.filter(([, , , state]) => state === LISTENING))
      if (found.some(([, , , state]) => state !== LISTENING)) return rows
    }
  } catch {
    // No IPv6 on this machine.
  } finally {
    if (file !== undefined) closeSync(file)
  }
  return rows
}
