import type { Standing } from '../../../src/service/docker/container.ts'
import { createDockerDriver } from '../../../src/service/docker/driver.ts'
import type { Programs } from '../contract.ts'
import { FOLDER } from '../programs.ts'
import { NODE } from './engine.ts'

/** The fixture programs in containers, listening where their driver says. */
export function inContainers(standing: Standing): Programs {
  const driver = createDockerDriver({ image: NODE, mounts: [FOLDER], standing })
  const host = standing === 'machine' ? '127.0.0.1' : '0.0.0.0'
  const words = (name: string) => ['env', `HOST=${host}`, name.endsWith('.sh') ? 'sh' : 'node', FOLDER + name]
  return { driver, as: (name, ...args) => ({ run: [...words(name), ...args], driver }) }
}
