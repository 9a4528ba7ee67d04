import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../error.ts'
import { HOST } from '../../reference.ts'
import type { Capability, Driver } from '../driver.ts'
import { writeFiles } from '../files.ts'
import { inState } from '../state.ts'
import { type Box, makeBox, removeBox } from './box.ts'
import type { Boxed, Standing } from './container.ts'
import { launchBox } from './handle.ts'
import { type ContainerLease, leaseContainer } from './lease.ts'
import { CONTAINERS, openHost } from './network.ts'
import { settingsOf } from './settings.ts'

const CAPABILITIES: Readonly<Record<Standing, ReadonlySet<Capability>>> = {
  machine: new Set(['pid', 'signal', 'kill', 'pause', 'usage', 'listeners', 'exec', 'copy']),
  network: new Set(['pid', 'signal', 'kill', 'pause', 'usage', 'exec', 'copy', 'network']),
  deployed: new Set(['signal', 'kill', 'pause', 'usage', 'exec', 'copy', 'network']),
}

interface Held {
  readonly lease: ContainerLease
  box: Box | undefined
}

/**
 * Programs are containers of the local Docker engine, on a network of the run. Each has one for all of its lives, so that what
 * it wrote is there after a restart; it is made anew where its settings have changed meanwhile, and removed with its lease.
 */
export function createDockerDriver(container: Boxed): Driver {
  const held = new Map<string, Held>()
  return {
    name: 'docker',
    viewer: container.standing === 'machine' ? HOST : CONTAINERS,
    inherits: false,
    capabilities: CAPABILITIES[container.standing],
    async lease(request) {
      const lease = await leaseContainer(container, request)
      const one: Held = { lease, box: undefined }
      held.set(request.service, one)
      const { release } = lease
      return Object.assign(lease, {
        async release() {
          held.delete(request.service)
          if (one.box !== undefined) await removeBox(one.box)
          await release()
        },
      })
    },
    async launch(plan) {
      const one = held.get(plan.service)
      if (one === undefined) throw new UsageError(`${plan.service} is launched without a lease`)
      inState(() => writeFiles(plan))
      one.box = await renewBox(one, plan.service, settingsOf(plan, container, one.lease))
      if (one.lease.network !== undefined) await openHost(one.lease.network)
      return launchBox(one.box, { plan, lease: one.lease, standing: container.standing })
    },
  }
}

async function renewBox({ box }: Held, service: string, settings: Box['settings']): Promise<Box> {
  if (box !== undefined && isDeepStrictEqual(box.settings, settings)) return box
  if (box !== undefined) await removeBox(box)
  return makeBox(service, settings)
}
