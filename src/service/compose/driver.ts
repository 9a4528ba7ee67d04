import { rmSync } from 'node:fs'
import { platform } from 'node:process'
import { UsageError } from '../../error.ts'
import { HOST, type Viewer } from '../../reference.ts'
import { RUN_VARIABLE } from '../../run-id.ts'
import { isRemote } from '../docker/engine.ts'
import { launchBox } from '../docker/handle.ts'
import { openHost } from '../docker/network.ts'
import type { Address, Driver, LaunchPlan, Lease } from '../driver.ts'
import { makeServiceFolder } from '../lease.ts'
import { SERVICE_VARIABLE } from '../process/family.ts'
import type { Placing } from './model.ts'
import type { Project, Wish } from './project.ts'

/** Brings one service of a Compose project to life: Compose makes its container, with all that belongs to it; it is started here. */
export function createComposeDriver(project: Project, name: string): Driver {
  const leases = new Map<
    string,
    { readonly placing: Placing; readonly lease: Lease & { ip: string | undefined } }
  >()
  return {
    name: 'compose',
    viewer: project.viewer,
    inherits: false,
    capabilities: new Set(['signal', 'kill', 'pause', 'usage', 'exec', 'copy', 'network']),
    async lease(request) {
      const { placings } = await openOrClose(project, request.signal)
      const placing = placings.get(name)
      if (placing === undefined) throw new UsageError(`${name} has no place in ${project.file}`)
      const dir = makeServiceFolder(request)
      const published = [...placing.published.keys()]
      const ports = Object.entries(request.ports).map(
        ([port, inside], index) => [port, inside ?? published[index] ?? 0] as const,
      )
      const lease: Lease & { ip: string | undefined } = {
        host: '0.0.0.0',
        dir,
        ports: Object.fromEntries(ports),
        ip: undefined,
        answersAt: (port) =>
          platform === 'linux' && !isRemote() && lease.ip !== undefined
            ? { host: lease.ip, port }
            : undefined,
        addressFor: (viewer, port) => addressFor({ viewer, port, project, placing, name, ip: lease.ip }),
        exchange: async () => lease,
        async release() {
          leases.delete(request.service)
          rmSync(dir, { recursive: true, force: true })
          await project.close()
        },
      }
      leases.set(request.service, { placing, lease })
      return lease
    },
    async launch(plan) {
      const one = leases.get(plan.service)
      if (one === undefined) throw new UsageError(`${plan.service} is launched without a lease`)
      // Every service of a project has the same one.
      const { network } = await project.open()
      try {
        await openHost(network)
        await project.adapt(name, wishOf(plan))
        return await launchBox(
          { name: one.placing.container },
          { plan, lease: one.lease, standing: 'deployed' },
        )
      } finally {
        await project.close()
      }
    },
  }
}

interface Asked {
  readonly viewer: Viewer
  readonly port: number
  readonly project: Project
  readonly placing: Placing
  readonly name: string
  readonly ip: string | undefined
}

/** By its name inside of its project; for everybody else at its published port, which containers find through this machine. */
function addressFor({ viewer, port, project, placing, name, ip }: Asked): Address | undefined {
  if (viewer.place === project.viewer.place) return { host: name, port }
  const published = placing.published.get(port)
  if (viewer.place !== HOST.place) return published === undefined ? undefined : viewer.toHost?.(published)
  if (published !== undefined) return { host: placing.reached, port: published }
  return ip === undefined ? undefined : { host: ip, port }
}

/** The marks of the run are on the container: its environment is that of the file and of the script. */
function wishOf({ command, env }: LaunchPlan): Wish {
  const own = Object.entries(env).filter(([name]) => name !== RUN_VARIABLE && name !== SERVICE_VARIABLE)
  return { command, env: Object.fromEntries(own) }
}

async function openOrClose(project: Project, signal: AbortSignal | undefined) {
  try {
    return await project.open(signal)
  } catch (error) {
    await project.close()
    throw error
  }
}
