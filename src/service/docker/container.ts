/** What a program is run in where it is run as a container: an image by name, or one that is built. */
export type Container = ContainerSource & {
  /** What its command begins with in there, where that is another program than on this machine: `redis-server`. */
  readonly program?: string
  /** Files and folders of this machine that it sees at the same path and cannot change. */
  readonly mounts?: readonly string[]
  readonly limits?: Limits
  /**
   * As the image is deployed: its ports are the numbers inside, its processes see none but their own, its user is the image's.
   * Else it is in the place of a process of this machine: same pids, same user, same folders.
   */
  readonly deployed?: true
}

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
