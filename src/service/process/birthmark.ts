import { existsSync, readFileSync } from 'node:fs'
import { system } from './system.ts'

/*
 * A mark that children inherit and that neither setsid, a double fork, exec nor an emptied environment takes away: the soft
 * limit for the time that a real-time process may run without a pause (RLIMIT_RTTIME, in microseconds). It is a number of
 * 64 bits, means nothing to programs that are no real-time ones, and as 2^61 µs is 73,000 years it means nothing to those.
 */
const TOP = 1n << 61n
const SERVICE_BITS = 12n
const LIMIT = /^Max realtime timeout\s+(\d+)/m
const SETTERS = ['/usr/bin/prlimit', '/bin/prlimit', '/usr/local/bin/prlimit']

let setter: string | undefined | null = null

/** The mark of a service: 48 bits of the run's id, and which service of the run it is. */
export function birthmarkOf(run: string, service: number): bigint {
  return (
    TOP | (BigInt(`0x${run.slice(0, 12)}`) << SERVICE_BITS) | BigInt(service % (1 << Number(SERVICE_BITS)))
  )
}

/** True for a mark of any service of the run. */
export function isMarkOfRun(mark: bigint, run: string): boolean {
  return mark >> SERVICE_BITS === birthmarkOf(run, 0) >> SERVICE_BITS
}

/** The words to put before a command so that it is born with the mark; none where this system has no means for it. */
export function withBirthmark(mark: bigint): readonly string[] {
  if (setter === null) setter = mayRaise() ? SETTERS.find((path) => existsSync(path)) : undefined
  return setter === undefined ? [] : [setter, `--rttime=${mark}:`]
}

/** The mark of a process, or undefined: it has none, it is gone, or the system does not tell. */
export function readBirthmark(pid: number): bigint | undefined {
  const [, soft] = LIMIT.exec(readLimits(pid)) ?? []
  const mark = soft === undefined ? 0n : BigInt(soft)
  return mark >= TOP ? mark : undefined
}

function readLimits(pid: number | 'self'): string {
  if (!system.hasBirthmarks) return ''
  try {
    return readFileSync(`/proc/${pid}/limits`, 'latin1')
  } catch {
    // Gone meanwhile: then there is nothing to end.
    return ''
  }
}

/** False where somebody has set a hard limit: no process of this user could be born with the mark. */
function mayRaise(): boolean {
  return /^Max realtime timeout\s+\S+\s+unlimited/m.test(readLimits('self'))
}
