/** What is known of a service from its Compose file. */
export interface Described {
  readonly name: string
  /** Who must be there before it, and as what. */
  readonly needs: Readonly<Record<string, string>>
  /** The ports inside that the file publishes or exposes, in its order. */
  readonly ports: readonly number[]
  readonly hasHealthCheck: boolean
  /** It listens nowhere, is not to be restarted, and nobody looks at its health: it may come to an end. */
  readonly mayComplete: boolean
}

/** A part of a Compose file: what it says by names. */
export type Part = Readonly<Record<string, unknown>>

/** A value as a part; an empty one where it is none. */
export function partOf(value: unknown): Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Part) : {} // why: checked before
}

/** The services of a file, as `docker compose config` gives it. */
export function readServices(config: unknown): ReadonlyMap<string, Described> {
  const services = Object.entries(partOf(partOf(config)['services']))
  return new Map(services.map(([name, given]) => [name, describe(name, partOf(given))]))
}

function describe(name: string, given: Part): Described {
  const needs = Object.entries(partOf(given['depends_on'])).map(([other, how]) => {
    return [other, String(partOf(how)['condition'] ?? 'service_started')] as const
  })
  const published = listOf(given['ports']).map((port) => Number(partOf(port)['target']))
  const exposed = listOf(given['expose']).map(Number)
  const check = partOf(given['healthcheck'])
  const ports = [...published, ...exposed].filter((port) => Number.isInteger(port))
  const hasHealthCheck = check['test'] !== undefined && check['disable'] !== true
  const restarts = /^(always|unless-stopped)$/.test(String(given['restart'] ?? 'no'))
  return {
    name,
    needs: Object.fromEntries(needs),
    ports,
    hasHealthCheck,
    mayComplete: ports.length === 0 && !hasHealthCheck && !restarts,
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Where a service of the file gets to be in this run. */
export interface Placing {
  readonly container: string
  /** The address on which its ports are published. */
  readonly reached: string
  /** For each port inside, the one of 127.0.0.1. */
  readonly published: ReadonlyMap<number, number>
}

/** What makes a file that of one run. */
export interface Naming {
  readonly labels: Readonly<Record<string, string>>
  readonly gateway: string | undefined
  readonly hostName: string
  nameOf(...parts: readonly string[]): string
  readonly placings: ReadonlyMap<string, Placing>
}

/**
 * The file as this run has it: everything by names and labels of the run, ports at free ones of 127.0.0.1. What is external
 * stays what it is. Nothing restarts by itself: an end is an end.
 */
export function claimForRun(config: unknown, naming: Naming): Part {
  const whole = partOf(config)
  const services = Object.entries(partOf(whole['services'])).map(
    ([name, given]) => [name, claimService(name, partOf(given), naming)] as const,
  )
  const own = (kind: string) =>
    Object.entries(partOf(whole[kind])).map(
      ([name, given]) => [name, claim(kind, name, { given: partOf(given), naming })] as const,
    )
  return {
    ...whole,
    services: Object.fromEntries(services),
    networks: Object.fromEntries(own('networks')),
    volumes: Object.fromEntries(own('volumes')),
  }
}

/** Networks and volumes of the file that are the run's own, by the names that they get. */
export function namesOf(
  config: unknown,
  kind: 'networks' | 'volumes',
  naming: Pick<Naming, 'nameOf'>,
): readonly string[] {
  return Object.entries(partOf(partOf(config)[kind])).flatMap(([name, given]) =>
    partOf(given)['external'] === true ? [] : [naming.nameOf(kind, name)],
  )
}

/** The same file with what a script says of one service besides. */
export function adaptService(
  whole: Part,
  name: string,
  { command, env }: { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Part {
  const services = partOf(whole['services'])
  const given = partOf(services[name])
  const adapted = {
    ...given,
    environment: { ...partOf(given['environment']), ...env },
    ...(command.length === 0 ? {} : { entrypoint: command, command: [] }),
  }
  return { ...whole, services: { ...services, [name]: adapted } }
}

function claim(
  kind: string,
  name: string,
  { given, naming }: { readonly given: Part; readonly naming: Naming },
): Part {
  if (given['external'] === true) return given
  return {
    ...given,
    name: naming.nameOf(kind, name),
    labels: { ...partOf(given['labels']), ...naming.labels },
  }
}

function claimService(name: string, given: Part, { labels, gateway, hostName, placings }: Naming): Part {
  const placing = placings.get(name)
  const { profiles: _, ...rest } = given
  return {
    ...rest,
    restart: 'no',
    labels: { ...partOf(given['labels']), ...labels },
    ...(placing === undefined ? {} : { container_name: placing.container }),
    ports: [...(placing?.published ?? [])].map(([inside, port]) => ({
      mode: 'ingress',
      host_ip: placing?.reached ?? '127.0.0.1',
      target: inside,
      published: String(port),
      protocol: 'tcp',
    })),
    ...(given['network_mode'] === undefined
      ? {
          extra_hosts: [...listOf(given['extra_hosts']), `${hostName}=${gateway ?? 'host-gateway'}`],
        }
      : {}),
  }
}
