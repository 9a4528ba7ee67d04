import { execFileSync } from 'node:child_process'
import type { ProcessEntry, ProcessTable } from './table.ts'
import { splitPair } from './table-proc.ts'

const COLUMNS = ['pid', 'ppid', 'pgid', 'stat', 'time', 'rss', 'lstart', 'comm']
const ROW = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\d+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/

/** The process table as `ps` prints it, on macOS and the BSDs. Sessions are not told: a group stands for its session. */
export const psTable: ProcessTable = {
  read: (pid) => list(['-p', String(pid)])[0],
  list: () => list(['-A']),
  environments(pids) {
    if (pids.length === 0) return new Map()
    // One call for all of them: a process for each would take longer than what is looked for lives.
    const rows = ps(['eww', '-o', 'pid=', '-o', 'command=', '-p', pids.join(',')]).split('\n')
    return new Map(
      rows.flatMap((row) => {
        const [pid, ...words] = row.trim().split(/\s+/)
        const pairs = words.filter((word) => /^\w+=/.test(word)).map(splitPair)
        return pid === undefined || pid === '' ? [] : [[Number(pid), Object.fromEntries(pairs)]]
      }),
    )
  },
  command: (pid) => ps(['-ww', '-o', 'command=', '-p', String(pid)]).trim(),
}

function list(which: readonly string[]): readonly ProcessEntry[] {
  const columns = COLUMNS.flatMap((column) => ['-o', `${column}=`])
  return ps([...which, ...columns])
    .split('\n')
    .flatMap((row) => {
      const [, pid, parent, group, state, time = '', rss, start = '', name = ''] = ROW.exec(row) ?? []
      if (pid === undefined) return []
      return {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: Number(group),
        start: start.replaceAll(/\s+/g, ' '),
        name,
        zombie: state?.startsWith('Z') === true,
        cpu: parseTime(time),
        rss: Number(rss) * 1024,
      }
    })
}

/** `[[days-]hours:]minutes:seconds`. */
function parseTime(text: string): number {
  const [days, rest] = text.includes('-') ? text.split('-') : ['0', text]
  const seconds = (rest ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Number(days) * 86_400 + seconds
}

/** What `ps` prints; nothing where there is no such process. */
function ps(args: readonly string[]): string {
  try {
    const env = { ...process.env, LC_ALL: 'C' }
    return execFileSync('ps', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    // `ps -p` exits 1 for a process that is gone: there is nothing to tell about it.
    return ''
  }
}
