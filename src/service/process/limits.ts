import type { System } from './system.ts'

/** Something of "nothing is left behind" that cannot be kept somewhere. */
export interface Limit {
  readonly on: readonly System['name'][]
  /** What is not found, or not known. */
  readonly what: string
  /** What becomes of it. */
  readonly effect: string
}

/** Everything that remains open, system by system: `--doctor` shows what holds here, docs/promises.md shows all. */
export const LIMITS: readonly Limit[] = [
  {
    on: ['linux'],
    what: 'a process that was started by somebody else on its behalf: systemd, cron, a container engine',
    effect: 'it is nobody of the run, and stays',
  },
  {
    on: ['linux'],
    what: 'a process that sets its own RLIMIT_RTTIME after it has left group, parent and environment',
    effect: 'found only if it was seen as a descendant before',
  },
  {
    on: ['unix'],
    what: 'a process that left group, parent and environment before it was seen as a descendant',
    effect: 'not found; Linux without prlimit is the same',
  },
  {
    on: ['unix'],
    what: 'start times have whole seconds',
    effect: 'a pid that is given away again within that second is taken for the same process',
  },
  {
    on: ['unix', 'windows'],
    what: 'who listens on a port',
    effect: 'a thief of a port that answers as the service would is not noticed; --force cannot free a port',
  },
  {
    on: ['windows'],
    what: 'groups, signals and a table of processes',
    effect:
      'a stop is an end by force of what still has its parents; no leak check, no watchdog of what escaped',
  },
  {
    on: ['linux', 'unix'],
    what: 'shared memory of a program that was killed: segments of System V, files in /dev/shm',
    effect: 'stays until somebody removes it (ipcrm, rm); what ends in order removes its own',
  },
  {
    on: ['linux', 'unix', 'windows'],
    what: 'a pid that is freed and given away again between the look at its start time and the signal',
    effect:
      'Node has no pidfd: some 20 microseconds (measured), in which the kernel would have to give away all others first',
  },
  {
    on: ['linux', 'unix', 'windows'],
    what: "runner, watchdog and the user's temporary folder gone at once, as in a restart",
    effect: 'nothing runs after a restart; files beside the temporary folder are not known any more',
  },
]

/** The limits that hold on a system. */
export function limitsOn(name: System['name']): readonly Limit[] {
  return LIMITS.filter(({ on }) => on.includes(name))
}
