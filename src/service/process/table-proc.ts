import { readdirSync, readFileSync } from 'node:fs'
import type { Environment, ProcessEntry, ProcessTable } from './table.ts'

/** USER_HZ and the page size are the same on every Linux that Node runs on, but for pages on some arm64 and ppc64 kernels. */
const TICKS_PER_SECOND = 100
const PAGE = 4096

/** The process table as Linux has it in /proc. */
export const procTable: ProcessTable = {
  read,
  list: () =>
    readdirSync('/proc').flatMap((name) => {
      const pid = Number(name)
      const entry = Number.isInteger(pid) ? read(pid) : undefined
      return entry === undefined ? [] : [entry]
    }),
  environments: (pids) =>
    new Map(
      pids.flatMap((pid) => {
        const environment = readEnvironment(pid)
        return environment === undefined ? [] : [[pid, environment]]
      }),
    ),
  command: (pid) => readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '',
}

/** Cuts `NAME=value` in two. */
export function splitPair(text: string): readonly [string, string] {
  const index = text.indexOf('=')
  return [text.slice(0, index), text.slice(index + 1)]
}

function readEnvironment(pid: number): Environment | undefined {
  const pairs = readText(`/proc/${pid}/environ`)?.split('\0')
  return pairs && Object.fromEntries(pairs.filter((pair) => pair.includes('=')).map(splitPair))
}

function read(pid: number): ProcessEntry | undefined {
  const stat = readText(`/proc/${pid}/stat`)
  return stat === undefined ? undefined : parseStat(stat)
}

/** `pid (name) state ppid pgrp session …`: the name may hold spaces and brackets, so what follows its last one counts. */
function parseStat(stat: string): ProcessEntry {
  const open = stat.indexOf('(')
  const close = stat.lastIndexOf(')')
  const fields = stat.slice(close + 2).split(' ')
  const field = (index: number) => Number(fields[index - 3])
  return {
    pid: Number(stat.slice(0, open)),
    name: stat.slice(open + 1, close),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    parent: field(4),
    group: field(5),
    session: field(6),
    start: fields[22 - 3] ?? '',
    cpu: (field(14) + field(15)) / TICKS_PER_SECOND,
    rss: field(24) * PAGE,
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // Gone meanwhile, or another user's: both mean that there is nothing to see.
    return undefined
  }
}
