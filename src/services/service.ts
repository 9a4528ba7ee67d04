import { createHttp, type Http } from '../http/http.ts'
import { fetchPage } from '../http/page.ts'
import { loaderOf } from '../lazy.ts'
import type { Metered, Metrics } from '../metrics/metrics.ts'
import { at, type Reference, type Word } from '../reference.ts'
import type { ContainerSource, Limits } from '../service/docker/container.ts'
import { createProgram, type Program } from '../service/program.ts'
import type { FurtherPort, ProgramSpec } from '../service/spec.ts'

const { lazily, load } = loaderOf(import.meta.url)
/** Loaded only for what has metrics. */
const createMetrics = lazily<typeof import('../metrics/metrics.ts')>('../metrics/metrics')('createMetrics')
/** Loaded only for what already runs. */
const elsewhere = () => load<typeof import('../service/elsewhere.ts')>('../service/elsewhere')

/** One of a program's ports: an address that speaks HTTP and has metrics at `/metrics`. */
export interface Endpoint extends Reference<string>, Http, Metered {}

/** A program of the catalogue: what every program can do, and what this one answers for. */
export type Service<Extras = unknown, Port extends string = never> = Omit<Program<Port>, 'endpoint'> & {
  endpoint(port: Port): Endpoint
} & Extras

/** How a program is described: a program, and where its metrics are, if it has any. */
export type ServiceSpec<
  Port extends string = never,
  MetricsPath extends string = never,
> = ProgramSpec<Port> & {
  /** The path of its metrics on its main port: `/metrics`. */
  readonly metrics?: MetricsPath
}

/** How a program is described that always is a container, as its image is deployed. */
export type ImageSpec<Port extends string = never, MetricsPath extends string = never> = Omit<
  ServiceSpec<Port, MetricsPath>,
  'run' | 'in' | 'port' | 'ports' | 'container' | 'driver'
> &
  ContainerSource & {
    /** Its command in place of that of the image, entrypoint and all. */
    readonly run?: readonly Word[]
    /** The number inside; the script finds it at a free one of this machine. Without one it listens nowhere. */
    readonly port?: number
    /** Further ports by name: their numbers inside. */
    readonly ports?: Readonly<Record<Port, number>>
    readonly limits?: Limits
  }

/** How a program is described that already runs somewhere: it is only waited for, and neither started nor stopped. */
export type ElsewhereSpec<Port extends string = never, MetricsPath extends string = never> = Pick<
  ServiceSpec<Port, MetricsPath>,
  'name' | 'ready' | 'within' | 'needs' | 'evidence' | 'version' | 'metrics'
> & {
  /** Its main address: `host:port` or `http://host:port/path`. */
  readonly at: string
  /** Further ones by name: `host:port`. */
  readonly ports?: Readonly<Record<Port, string>>
}

/**
 * Describes any program: how it is launched, when it is ready, how it stops. Nothing starts before `start`. It speaks
 * HTTP on its main port, and has metrics where the spec names their path.
 */
export function service<const Port extends string = never, const MetricsPath extends string = never>(
  spec: ServiceSpec<Port, MetricsPath> | ImageSpec<Port, MetricsPath> | ElsewhereSpec<Port, MetricsPath>,
): Service<Http & ([MetricsPath] extends [never] ? unknown : Metered), Port> {
  const { metrics: path, ...rest } = describe(spec)
  const program: Program<Port> = createProgram<Port>({
    ...(path === undefined ? {} : { evidence: (signal) => readPage(at`${program.url}${path}`, signal) }),
    ...rest,
  })
  const metered = path === undefined ? {} : { metrics: createMetrics(at`${program.url}${path}`) }
  // Metrics are there exactly when the spec names their path, which is what the type says.
  return Object.assign(extend(program), metered) as ReturnType<typeof service<Port, MetricsPath>> // why: see above
}

function describe<Port extends string, MetricsPath extends string>(
  spec: ServiceSpec<Port, MetricsPath> | ImageSpec<Port, MetricsPath> | ElsewhereSpec<Port, MetricsPath>,
): ServiceSpec<Port, MetricsPath> {
  if (isElsewhere(spec)) return describeElsewhere(spec)
  return isImage(spec) ? describeImage(spec) : spec
}

function isElsewhere<Port extends string, MetricsPath extends string>(
  spec: ServiceSpec<Port, MetricsPath> | ImageSpec<Port, MetricsPath> | ElsewhereSpec<Port, MetricsPath>,
): spec is ElsewhereSpec<Port, MetricsPath> {
  return 'at' in spec && spec.at !== undefined
}

function describeElsewhere<Port extends string, MetricsPath extends string>({
  at: main,
  ports,
  ...rest
}: ElsewhereSpec<Port, MetricsPath>): ServiceSpec<Port, MetricsPath> {
  const { createElsewhere, refuseBesideAt } = elsewhere()
  refuseBesideAt(rest, TAKEN)
  const further = Object.entries<string>(ports ?? {})
  return {
    ...rest,
    run: [main],
    // Its keys are those of the ports.
    ports: Object.fromEntries(further.map(([name]) => [name, ''])) as Record<Port, FurtherPort>, // why: see above
    driver: createElsewhere({ ...Object.fromEntries(further), main }),
  } as ServiceSpec<Port, MetricsPath> // why: of a generic union the rest is not seen
}

const TAKEN = ['name', 'ready', 'within', 'needs', 'evidence', 'version', 'metrics']

function isImage<Port extends string, MetricsPath extends string>(
  spec: ServiceSpec<Port, MetricsPath> | ImageSpec<Port, MetricsPath>,
): spec is ImageSpec<Port, MetricsPath> {
  return ('image' in spec && spec.image !== undefined) || ('build' in spec && spec.build !== undefined)
}

function describeImage<Port extends string, MetricsPath extends string>(
  spec: ImageSpec<Port, MetricsPath>,
): ServiceSpec<Port, MetricsPath> {
  const { image, build, limits, run = [], port = 'none', ports, ...rest } = spec
  const source: ContainerSource = image === undefined ? { build: build ?? '.' } : { image }
  const inside = Object.entries<number>(ports ?? {}).map(([name, fixed]) => [name, { env: '', fixed }])
  return {
    ...rest,
    run,
    port,
    // Its keys are those of spec.ports.
    ports: Object.fromEntries(inside) as Record<Port, FurtherPort>, // why: see above
    container: { ...source, deployed: true, ...(limits === undefined ? {} : { limits }) },
  } as ServiceSpec<Port, MetricsPath> // why: Omit of a union's keys is not seen to be undone
}

async function readPage(url: Reference<string>, signal: AbortSignal) {
  return { 'metrics.txt': await fetchPage(url, signal) }
}

/** Gives a program HTTP on its main port, and HTTP and metrics on its endpoints. */
export function extend<Port extends string>(program: Program<Port>): Service<Http, Port> {
  const plain = program.endpoint.bind(program)
  return Object.assign(program, createHttp(program.url), {
    endpoint: (port: Port) => createEndpoint(plain(port)),
  })
}

function createEndpoint(address: Reference<string>): Endpoint {
  const url = at`http://${address}`
  const metrics: Metrics = createMetrics(at`${url}/metrics`)
  return Object.assign({ ...address, toString: () => address.toString() }, createHttp(url), { metrics })
}
