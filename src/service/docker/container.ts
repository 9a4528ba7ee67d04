import { resolve } from 'node:path'

/** What a program is run in where it is run as a container: an image by name, or one that is built. */
export type Container = ContainerSource & {
  /** Files and folders of this machine that it sees at the same path and cannot change. */
  readonly mounts?: readonly string[]
  readonly limits?: Limits
  /** Always a container, as the image is deployed; else a process, and a container where those are chosen. */
  readonly deployed?: true
}

/**
 * How much of this machine a container sees.
 *
 * - `machine`: it is in the place of a process: same network, pids, user and folders; only its files are the image's. Linux only.
 * - `network`: the same, but on the network of the run, where services have names: what an engine in a virtual machine can do.
 * - `deployed`: nothing but its own folder. Its ports are the numbers inside, its pids and its user are the image's.
 */
export type Standing = 'machine' | 'network' | 'deployed'

/** A container with the standing that it gets in this run. */
export type Boxed = Container & { readonly standing: Standing }

/** Where the image comes from. */
export type ContainerSource =
  | { readonly image: string; readonly build?: undefined }
  | { readonly build: string | Build; readonly image?: undefined }

/** How an image is built, where its folder alone does not say it. */
export interface Build {
  /** The folder that is sent to the engine. */
  readonly context: string
  /** The Dockerfile, relative to the script's folder; `Dockerfile` in the context where it is not given. */
  readonly file?: string
  readonly args?: Readonly<Record<string, string>>
  readonly target?: string
}

/** What a container may use at most. */
export interface Limits {
  /** Bytes in words: `'64MB'`, `'1GB'`. Beyond them the kernel ends it. */
  readonly memory?: `${number}${'MB' | 'GB'}`
  /** Processors: 0.5, 2. */
  readonly cpus?: number
}

/** Bytes of a size in words, by powers of 1024 as Docker counts. */
export function bytesOf(size: NonNullable<Limits['memory']>): number {
  return Number.parseFloat(size) * (size.endsWith('GB') ? 1024 ** 3 : 1024 ** 2)
}

/** How it is called before it is there: the name that was given, or the folder that it is built from. */
export function nameOfSource(source: ContainerSource): string {
  if (source.image !== undefined) return /([^/:]+)(:[^/]*)?$/.exec(source.image)?.[1] ?? source.image
  const { build } = source
  return (
    resolve(typeof build === 'string' ? build : build.context)
      .split(/[\\/]/)
      .at(-1) ?? 'image'
  )
}
