import { env, platform } from 'node:process'
import { loaderOf } from '../lazy.ts'
import { chosenDriver, inContainers } from './chosen.ts'
import type { Boxed, Container, Standing } from './docker/container.ts'
import type { Driver } from './driver.ts'
import { actOf, createInProcessDriver, isInProcess } from './in-process/run.ts'
import { processDriver } from './process/driver.ts'
import type { AnySpec } from './spec.ts'

const { load } = loaderOf(import.meta.url)

/** What brings a program to life that names no driver itself: as what it is described, and as what this run wants it. */
export function driverFor(spec: AnySpec): Driver {
  const { run, container } = spec
  if (isInProcess(run)) return createInProcessDriver(actOf(run))
  if (container === undefined || (!container.deployed && !inContainers())) return onThisMachine(spec)
  return inDocker({ ...container, standing: standingOf(container) })
}

/** Under `shakedown watch`, what it may keep is started by the watch itself. */
function onThisMachine(spec: AnySpec): Driver {
  const keeper = env['SHAKEDOWN_KEEPER']
  if (keeper === undefined) return processDriver
  return load<typeof import('./warm/driver.ts')>('./warm/driver').createWarmDriver(keeper, spec)
}

/** An engine that runs in a virtual machine has neither the network nor the pids of this one to share. */
function standingOf({ deployed }: Container): Standing {
  if (deployed) return 'deployed'
  return chosenDriver() === 'docker' && platform === 'linux' ? 'machine' : 'network'
}

/** A script without containers does not load what speaks to an engine. */
function inDocker(container: Boxed): Driver {
  return load<typeof import('./docker/driver.ts')>('./docker/driver').createDockerDriver(container)
}
