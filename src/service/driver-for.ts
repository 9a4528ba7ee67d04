import { platform } from 'node:process'
import { loaderOf } from '../lazy.ts'
import { chosenDriver, inContainers } from './chosen.ts'
import type { Boxed, Container, Standing } from './docker/container.ts'
import type { Driver } from './driver.ts'
import { actOf, createInProcessDriver, isInProcess } from './in-process/run.ts'
import { processDriver } from './process/driver.ts'
import type { AnySpec } from './spec.ts'

/** What brings a program to life that names no driver itself: as what it is described, and as what this run wants it. */
export function driverFor({ run, container }: AnySpec): Driver {
  if (isInProcess(run)) return createInProcessDriver(actOf(run))
  if (container === undefined || (!container.deployed && !inContainers())) return processDriver
  return inDocker({ ...container, standing: standingOf(container) })
}

/** An engine that runs in a virtual machine has neither the network nor the pids of this one to share. */
function standingOf({ deployed }: Container): Standing {
  if (deployed) return 'deployed'
  return chosenDriver() === 'docker' && platform === 'linux' ? 'machine' : 'network'
}

/** A script without containers does not load what speaks to an engine. */
function inDocker(container: Boxed): Driver {
  const { load } = loaderOf(import.meta.url)
  return load<typeof import('./docker/driver.ts')>('./docker/driver').createDockerDriver(container)
}
