import { markIn, RUN_VARIABLE } from '../../run-id.ts'
import { isMarkOfRun, readBirthmark } from './birthmark.ts'
import { bootId, type Identity } from './identity.ts'
import {
  descendantsOf,
  type Environment,
  listProcesses,
  type ProcessEntry,
  readEnvironments,
} from './table.ts'

/** By what the processes of a run, or of one of its services, are known. No single proof is enough. */
export interface Family {
  readonly run: string
  /** Only this service of the run; all of them where it is not given. */
  readonly service?: { readonly name: string; readonly mark: bigint } | undefined
  /** Who was launched, and descendants that were seen: from the ledger. */
  readonly known: readonly Identity[]
  /** Nothing that is older than the family can belong to it. */
  readonly since: string
}

/**
 * Every living process of the family: those of the ledger, their groups and sessions, those that carry the run's mark by
 * birth or in their environment, and the descendants of all of them. Never this process, its ancestors or pid 1.
 */
export function findFamily(
  family: Family,
  table: readonly ProcessEntry[] = listProcesses(),
): readonly ProcessEntry[] {
  const spared = sparedIn(table)
  const young = table.filter(
    (entry) => !entry.zombie && !spared.has(entry.pid) && !isOlder(entry.start, family.since),
  )
  const leaders = leadersIn(family, table)
  const environments = readEnvironments(young.map(({ pid }) => pid))
  const own = young.filter(
    (entry) =>
      isKnown(entry, family) ||
      isInGroup(entry, leaders) ||
      carriesMark(entry.pid, family, environments.get(entry.pid)),
  )
  const descendants = descendantsOf(
    own.map(({ pid }) => pid),
    young,
  )
  return [...own, ...descendants].filter(
    ({ pid }) => environments.get(pid)?.[WATCHDOG_VARIABLE] === undefined,
  )
}

/** True when a process was started before another: by the system's ticks, or by the dates of `ps`. */
export function isOlder(start: string, than: string): boolean {
  const [left, right] = [Number(start), Number(than)]
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left < right
  return Date.parse(start) < Date.parse(than)
}

function sparedIn(table: readonly ProcessEntry[]): ReadonlySet<number> {
  const byPid = new Map(table.map((entry) => [entry.pid, entry]))
  const spared = new Set([0, 1])
  for (let pid = process.pid; !spared.has(pid); pid = byPid.get(pid)?.parent ?? 0) spared.add(pid)
  return spared
}

function isKnown(entry: ProcessEntry, { known }: Family): boolean {
  return known.some(({ pid, start, boot }) => pid === entry.pid && start === entry.start && boot === bootId())
}

interface Leader {
  readonly pid: number
  readonly start: string
}

/**
 * Whose groups and sessions are the family's. The kernel gives no pid away again while a group or session has its number;
 * where a stranger has the pid, the group had been empty, and is his.
 */
function leadersIn({ known }: Family, table: readonly ProcessEntry[]): ReadonlyMap<number, Leader> {
  const byPid = new Map(table.map((entry) => [entry.pid, entry]))
  const sound = known.filter(({ pid, start, boot }) => {
    const now = byPid.get(pid)
    return boot === bootId() && (now === undefined || now.start === start)
  })
  return new Map(sound.map((leader) => [leader.pid, leader]))
}

function isInGroup({ group, session, start }: ProcessEntry, leaders: ReadonlyMap<number, Leader>): boolean {
  const leader = leaders.get(group) ?? leaders.get(session)
  return leader !== undefined && !isOlder(start, leader.start)
}

function carriesMark(pid: number, { run, service }: Family, environment: Environment | undefined): boolean {
  const mark = readBirthmark(pid)
  if (mark !== undefined && (service === undefined ? isMarkOfRun(mark, run) : mark === service.mark))
    return true
  if (environment === undefined || !markIn(environment[RUN_VARIABLE]).includes(run)) return false
  return service === undefined || environment[SERVICE_VARIABLE] === service.name
}

/** The variable by which the watchdogs of nested runs are known: they end by themselves, after their work. */
export const WATCHDOG_VARIABLE = 'SHAKEDOWN_WATCHDOG'

/** The variable that tells a process which service of its run it belongs to. */
export const SERVICE_VARIABLE = 'SHAKEDOWN_SERVICE'
