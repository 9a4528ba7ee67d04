import { join } from 'node:path'
import { runId } from '../../run-id.ts'
import type { LaunchPlan } from '../driver.ts'
import { identityOf } from '../process/spawn.ts'
import { refuseThere } from './absent.ts'
import { type Boxed, bytesOf } from './container.ts'
import { isRemote } from './engine.ts'
import type { ContainerLease } from './lease.ts'
import { HOST_NAME } from './network.ts'
import { RUN_LABEL } from './object.ts'

/** The label that says which service of its run a container is. */
export const SERVICE_LABEL = 'shakedown.service'

/** How the engine is told to make the container of a service: the body of `POST /containers/create`. */
export function settingsOf(plan: LaunchPlan, container: Boxed, lease: ContainerLease): Settings {
  const { command, service, env } = plan
  return {
    Image: lease.image,
    Labels: { [RUN_LABEL]: runId, [SERVICE_LABEL]: service },
    Env: [...passedOn(container), ...Object.entries(env)].map(([name, value]) => `${name}=${value}`),
    // Without a command it is the image's own; with one, nothing of the image's stands before it.
    ...(command.length > 0 ? { Entrypoint: command, Cmd: [] } : {}),
    ...(container.standing === 'deployed' ? {} : { WorkingDir: plan.cwd }),
    ...userOf(plan, container),
    ...networkOf(service, lease),
    HostConfig: {
      ...hostOf(lease),
      Mounts: mountsOf(plan, container),
      ...(container.standing === 'deployed' ? {} : { PidMode: 'host' }),
      ...limitsOf(container),
    },
  }
}

/**
 * Programs in the place of processes get the variables of the runner whose names are in `SHAKEDOWN_PASS`, with commas between
 * them, and may write in the folder `SHAKEDOWN_PASS_FOLDER`: a harness around a run reaches them so.
 */
function passedOn({ standing }: Boxed): readonly (readonly [string, string])[] {
  const names = standing === 'deployed' ? [] : (process.env['SHAKEDOWN_PASS'] ?? '').split(',')
  return names.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
}

function networkOf(service: string, { network, published }: ContainerLease) {
  if (network === undefined) return {}
  return {
    Hostname: service.slice(0, 63),
    ExposedPorts: Object.fromEntries([...published.keys()].map((inside) => [`${inside}/tcp`, {}])),
    NetworkingConfig: { EndpointsConfig: { [network.name]: { Aliases: [service] } } },
  }
}

function hostOf({ network, published, reached }: ContainerLease) {
  if (network === undefined) return { NetworkMode: 'host' }
  const bindings = [...published].map(
    ([inside, port]) => [`${inside}/tcp`, [{ HostIp: reached, HostPort: String(port) }]] as const,
  )
  return {
    NetworkMode: network.name,
    PortBindings: Object.fromEntries(bindings),
    ExtraHosts: [`${HOST_NAME}:${network.gateway ?? 'host-gateway'}`],
  }
}

/** What the engine takes: JSON, by the names of its own API. */
export type Settings = Readonly<Record<string, unknown>>

interface Mount {
  readonly Type: 'bind'
  readonly Source: string
  readonly Target: string
  readonly ReadOnly: boolean
}

/**
 * Its own folder and the one that it runs in are where they are on this machine, and so is the script's, read only: a path means
 * the same to it and to the script. Files with an absolute name are put where they say.
 */
function mountsOf({ dir, cwd, files }: LaunchPlan, { mounts = [], standing }: Boxed): readonly Mount[] {
  const placed = Object.keys(files).filter((name) => name.startsWith('/'))
  if (isRemote()) {
    if (placed.length + mounts.length === 0) return []
    throw refuseThere(`${[...placed, ...mounts].join(', ')} cannot be shown to a container`)
  }
  const { SHAKEDOWN_PASS_FOLDER: passed } = process.env
  const own =
    standing === 'deployed' ? [dir] : [...new Set([dir, cwd, ...(passed === undefined ? [] : [passed])])]
  const seen = standing === 'deployed' ? mounts : [...new Set([process.cwd(), ...mounts])]
  return [
    ...seen.filter((path) => !own.includes(path)).map((path) => mount(path, path, true)),
    ...own.map((path) => mount(path, path, false)),
    ...placed.map((name) => mount(join(dir, name), name, true)),
  ]
}

function mount(source: string, target: string, isReadOnly: boolean): Mount {
  return { Type: 'bind', Source: source, Target: target, ReadOnly: isReadOnly }
}

/** In the place of a process it is the runner's user, who owns the folders; as deployed the image's, unless somebody is named. */
function userOf({ user }: LaunchPlan, { standing }: Boxed): { readonly User?: string } {
  if (standing === 'deployed') return user === undefined ? {} : { User: user }
  const { uid = process.getuid?.(), gid = process.getgid?.() } = identityOf(user)
  return uid === undefined || gid === undefined ? {} : { User: `${uid}:${gid}` }
}

function limitsOf({ limits: { memory, cpus } = {} }: Boxed) {
  return {
    // As much swap as memory means none beyond it.
    ...(memory === undefined ? {} : { Memory: bytesOf(memory), MemorySwap: bytesOf(memory) }),
    ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
  }
}
