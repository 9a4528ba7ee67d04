import { listen } from '../event.ts'
import { identify, isAlive } from '../service/process/identity.ts'
import { readProcess } from '../service/process/table.ts'

/** How long a service runs and stands still, together. Shorter than any wait that is worth finding. In milliseconds. */
const PERIOD = 50

/**
 * Lets every service of this machine run only for this share of the time, between 0 and 1, by stopping its process group and
 * letting it go on. For the script's own process: it knows at once which of them it has paused itself, and those stay so.
 * The answer ends it, and so does the end of this process.
 */
export function starve(share: number): () => void {
  const groups = followGroups()
  let isHeld = false
  const free = () => {
    if (isHeld) for (const group of groups.list()) signal(group, 'SIGCONT')
    isHeld = false
  }
  let timer: NodeJS.Timeout
  const turn = () => {
    if (isHeld) free()
    else for (const group of groups.list()) isHeld = signal(group, 'SIGSTOP') || isHeld
    timer = setTimeout(turn, PERIOD * (isHeld ? 1 - share : share)).unref()
  }
  turn()
  process.on('exit', free)
  return () => {
    clearTimeout(timer)
    groups.forget()
    free()
    process.off('exit', free)
  }
}

/** The process groups of the services that run and are not paused. */
function followGroups(): { list(): readonly number[]; forget(): void } {
  const groups = new Map<string, { readonly pid: number; readonly isOurs: () => boolean }>()
  const paused = new Set<string>()
  const forget = listen((event) => {
    if (!('service' in event)) return
    const key = `${event.script}\n${event.service}`
    if (event.kind === 'service:started' && event.pid !== undefined) add(key, event.pid)
    if (event.kind === 'service:exit') groups.delete(key)
    if (event.kind === 'service:started' || event.kind === 'service:exit') paused.delete(key)
    if (event.kind !== 'service:signal') return
    if (event.signal === 'SIGSTOP') paused.add(key)
    if (event.signal === 'SIGCONT') paused.delete(key)
  })
  function add(key: string, pid: number): void {
    const identity = identify(pid)
    // What leads no group of its own is not a service of this machine: a function, a container.
    if (identity === undefined || readProcess(pid)?.group !== pid) return
    groups.set(key, { pid, isOurs: () => isAlive(identity) })
  }
  const list = () =>
    [...groups].filter(([key, { isOurs }]) => !paused.has(key) && isOurs()).map(([, { pid }]) => pid)
  return { list, forget }
}

function signal(group: number, name: 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(-group, name)
  } catch {
    return false // it ended a moment ago
  }
}
