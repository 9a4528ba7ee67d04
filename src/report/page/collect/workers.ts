/** What servers print when a worker of theirs begins or ends; the first group is its process id. */
const LINES: readonly { readonly pattern: RegExp; readonly does: string }[] = [
  // gunicorn
  { pattern: /Booting worker with pid: (\d+)/, does: 'begins' },
  { pattern: /Worker exiting \(pid: (\d+)\)/, does: 'ends' },
  { pattern: /Worker \(pid:(\d+)\) (?:was sent|exited)/, does: 'ends' },
  // uWSGI
  { pattern: /spawned uWSGI worker \d+ \(pid: (\d+)/, does: 'begins' },
  // nginx, with its log at notice
  { pattern: /start worker process (\d+)/, does: 'begins' },
  { pattern: /worker process (\d+) exited/, does: 'ends' },
]

/** What a line says about a worker of its service, in words: `worker 4638 begins`; undefined for any other line. */
export function workerIn(line: string): string | undefined {
  if (!line.includes('orker')) return undefined
  for (const { pattern, does } of LINES) {
    const pid = pattern.exec(line)?.[1]
    if (pid !== undefined) return `worker ${pid} ${does}`
  }
  return undefined
}
