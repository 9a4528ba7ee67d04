import { createDockerDriver } from '../../../src/service/docker/driver.ts'
import type { Programs } from '../contract.ts'
import { FOLDER } from '../programs.ts'
import { NODE } from './engine.ts'

/** The fixture programs in containers, listening on all of their addresses. */
export function inContainers(how: { readonly deployed?: true } = {}): Programs {
  const driver = createDockerDriver({ image: NODE, mounts: [FOLDER], ...how })
  const words = (name: string) => ['env', 'HOST=0.0.0.0', name.endsWith('.sh') ? 'sh' : 'node', FOLDER + name]
  return { driver, as: (name, ...args) => ({ run: [...words(name), ...args], driver }) }
}
