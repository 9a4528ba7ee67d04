import { readFileSync } from 'node:fs'

/**
 * What is done to a run. `kill`, `int`, `term`, `hup`: that signal to the runner. `script`: SIGKILL to one of its scripts.
 * `watchdog`: SIGKILL to one of its watchdogs. `all`: SIGKILL to runner, scripts and watchdogs at once.
 */
export const KINDS = ['kill', 'int', 'term', 'hup', 'script', 'watchdog', 'all'] as const

/** One of them. */
export type Kind = (typeof KINDS)[number]

const SIGNALS: Readonly<Partial<Record<Kind, NodeJS.Signals>>> = {
  int: 'SIGINT',
  term: 'SIGTERM',
  hup: 'SIGHUP',
}

/** True for the name of a kind. */
export function isKind(text: string): text is Kind {
  return KINDS.some((kind) => kind === text)
}

/** The signal that the victims get. */
export function signalOf(kind: Kind): NodeJS.Signals {
  return SIGNALS[kind] ?? 'SIGKILL'
}

/** Who gets it, of everything that runs; the runner itself where there is nobody of the kind yet. */
export function chooseVictims(kind: Kind, runner: number, pids: readonly number[]): readonly number[] {
  const watchdogs = pids.filter((pid) => /\bwatchdog\.mt?s\b/.test(commandOf(pid)))
  const scripts = pids.filter((pid) => parentOf(pid) === runner && !watchdogs.includes(pid) && isScript(pid))
  if (kind === 'all') return [runner, ...scripts, ...watchdogs]
  const [first = runner] = kind === 'script' ? scripts : kind === 'watchdog' ? watchdogs : []
  return [first]
}

/** Scripts of a run are TypeScript; what a script itself has started is not. */
function isScript(pid: number): boolean {
  return /\bnode \S+\.mts$/.test(commandOf(pid).trim())
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
}

function parentOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    // Gone meanwhile.
    return ''
  }
}
