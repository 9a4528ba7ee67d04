import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const LISTENING = '0A'
const ACCEPTS_CONNECTIONS = '00010000'

/** What listens in a network, as the kernel lists it below `/proc/PID/net`: `tcp 127.0.0.1:8088`, `unix @name`. */
export function listListeners(folder: string): readonly string[] {
  const internet = ['tcp', 'tcp6'].flatMap((name) =>
    rowsOf(join(folder, name)).flatMap(([, local = '', , state]) =>
      state === LISTENING ? [`${name} ${describeAddress(local)}`] : [],
    ),
  )
  const local = rowsOf(join(folder, 'unix')).flatMap(([, , , flags, , , , path = 'unnamed']) =>
    flags === ACCEPTS_CONNECTIONS ? [`unix ${path}`] : [],
  )
  return [...internet, ...local]
}

/** `0100007F:1F98` is 127.0.0.1:8088: the kernel prints the address as it lies in memory. */
function describeAddress(text: string): string {
  const [address = '', port = ''] = text.split(':')
  const bytes = address.length === 8 ? (address.match(/../g) ?? []).toReversed() : undefined
  const host = bytes === undefined ? `[${address}]` : bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
  return `${host}:${Number.parseInt(port, 16)}`
}

function rowsOf(file: string): readonly (readonly string[])[] {
  const [, ...rows] = read(file).trim().split('\n')
  return rows.map((row) => row.trim().split(/\s+/))
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // No such kind of socket on this machine.
    return ''
  }
}
