import { arch, availableParallelism, loadavg, platform, release, totalmem } from 'node:os'

/** What a run is told to have run on: enough to compare two runs, nothing that names a person or a host. */
export function describeMachine(): Readonly<Record<string, string | number>> {
  return {
    system: `${platform()} ${release()} ${arch()}`,
    cores: availableParallelism(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
    node: process.version,
  }
}
