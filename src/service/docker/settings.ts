import { join } from 'node:path'
import { runId } from '../../run-id.ts'
import type { LaunchPlan } from '../driver.ts'
import { identityOf } from '../process/spawn.ts'
import { bytesOf, type Container } from './container.ts'
import type { ContainerLease } from './lease.ts'
import { HOST_NAME } from './network.ts'
import { RUN_LABEL } from './object.ts'

/** The label that says which service of its run a container is. */
export const SERVICE_LABEL = 'shakedown.service'

/** How the engine is told to make the container of a service: the body of `POST /containers/create`. */
export function settingsOf(plan: LaunchPlan, container: Container, lease: ContainerLease): Settings {
  const { command, service, env } = plan
  const [, ...args] = command
  const words = command.length > 0 && container.program !== undefined ? [container.program, ...args] : command
  const published = [...lease.published]
  return {
    Image: lease.image,
    Hostname: service.slice(0, 63),
    Labels: { [RUN_LABEL]: runId, [SERVICE_LABEL]: service },
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    // Without a command it is the image's own; with one, nothing of the image's stands before it.
    ...(words.length > 0 ? { Entrypoint: words, Cmd: [] } : {}),
    ...(container.deployed ? {} : { WorkingDir: plan.cwd }),
    ...userOf(plan, container),
    ExposedPorts: Object.fromEntries(published.map(([inside]) => [`${inside}/tcp`, {}])),
    HostConfig: {
      NetworkMode: lease.network.name,
      PortBindings: Object.fromEntries(
        published.map(([inside, port]) => [
          `${inside}/tcp`,
          [{ HostIp: '127.0.0.1', HostPort: String(port) }],
        ]),
      ),
      ExtraHosts: [`${HOST_NAME}:${lease.network.gateway ?? 'host-gateway'}`],
      Mounts: mountsOf(plan, container),
      ...(container.deployed ? {} : { PidMode: 'host' }),
      ...limitsOf(container),
    },
    NetworkingConfig: { EndpointsConfig: { [lease.network.name]: { Aliases: [service] } } },
  }
}

/** What the engine takes: JSON, by the names of its own API. */
export type Settings = Readonly<Record<string, unknown>>

interface Mount {
  readonly Type: 'bind'
  readonly Source: string
  readonly Target: string
  readonly ReadOnly?: boolean
}

/**
 * Its own folder and the one that it runs in are where they are on this machine: a path means the same to it and to the
 * script. Files with an absolute name are put where they say.
 */
function mountsOf({ dir, cwd, files }: LaunchPlan, { mounts = [], deployed }: Container): readonly Mount[] {
  const placed = Object.keys(files).filter((name) => name.startsWith('/'))
  const folders = deployed ? [dir] : [dir, ...(cwd === dir ? [] : [cwd])]
  return [
    ...folders.map((path) => ({ Type: 'bind' as const, Source: path, Target: path })),
    ...mounts.map((path) => ({ Type: 'bind' as const, Source: path, Target: path, ReadOnly: true })),
    ...placed.map((name) => ({
      Type: 'bind' as const,
      Source: join(dir, name),
      Target: name,
      ReadOnly: true,
    })),
  ]
}

/** In the place of a process it is the runner's user, who owns the folders; as deployed the image's, unless somebody is named. */
function userOf({ user }: LaunchPlan, { deployed }: Container): { readonly User?: string } {
  if (deployed) return user === undefined ? {} : { User: user }
  const { uid = process.getuid?.(), gid = process.getgid?.() } = identityOf(user)
  return uid === undefined || gid === undefined ? {} : { User: `${uid}:${gid}` }
}

function limitsOf({ limits: { memory, cpus } = {} }: Container) {
  return {
    // As much swap as memory means none beyond it.
    ...(memory === undefined ? {} : { Memory: bytesOf(memory), MemorySwap: bytesOf(memory) }),
    ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
  }
}
