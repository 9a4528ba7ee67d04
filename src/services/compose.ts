import { resolve } from 'node:path'
import type { Duration } from '../duration.ts'
import { UsageError } from '../error.ts'
import type { Http } from '../http/http.ts'
import type { Metered } from '../metrics/metrics.ts'
import { didYouMean } from '../nearest.ts'
import { createComposeDriver } from '../service/compose/driver.ts'
import type { Described } from '../service/compose/model.ts'
import { createProject, type Project } from '../service/compose/project.ts'
import { createGroup, type GroupVerbs } from '../service/group.ts'
import type { Env, Ready, Stop } from '../service/spec.ts'
import { type Service, service } from './service.ts'

/** What a script says of a service of a Compose file beside what stands there. */
export interface Part {
  /** Its main port inside; the first that the file publishes where it is not given. */
  readonly port?: number
  /** Further ports by name: their numbers inside. */
  readonly ports?: Readonly<Record<string, number>>
  /** By its health check where the file has one, else by a connection to its port. */
  readonly ready?: Ready<string>
  readonly within?: Duration
  readonly failOn?: readonly RegExp[]
  readonly stop?: Stop
  /** Variables on top of those in the file. References in it are edges, as everywhere. */
  readonly env?: Env
  /** The path of its metrics on its main port; `/metrics` where it is not given. */
  readonly metrics?: string
}

/** How a Compose file is used. */
export interface ComposeOptions<Name extends string> {
  /** The services that the script speaks to, by their names in the file. */
  readonly services?: Readonly<Record<Name, Part>>
  /** Variables that the file asks for. */
  readonly env?: Readonly<Record<string, string>>
}

/** A Compose file: all of its services as one, and each by itself with what it depends on. */
export interface Stack<Name extends string> extends GroupVerbs {
  readonly services: Readonly<Record<Name, Service<Http & Metered, string>>>
}

let count = 0

/**
 * The services of a Compose file, as services of the run: `start(stack)` starts all of them, in the order that the file says;
 * `start(stack.services.cache)` one. Names, networks, volumes and ports are the run's own, so that a file runs beside itself.
 * Throws what Compose has to say about the file, and a UsageError for services that are not in it.
 */
export function compose<const Name extends string = never>(
  file: string,
  { services = {} as Readonly<Record<Name, Part>>, env = {} }: ComposeOptions<Name> = {}, // why: Name is never then
): Stack<Name> {
  count += 1
  const project = createProject(resolve(file), env, count)
  const known = [...project.services.keys()]
  const unknown = Object.keys(services).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`${file} has no service ${unknown}`, {
      expected: known.join(', '),
      hint: didYouMean(unknown, known),
    })
  const made = new Map<string, Service<Http & Metered, string>>()
  for (const name of known) makeOne(name, { project, parts: services, made })
  return {
    ...createGroup(`compose ${file}`, [...made.values()] as never), // why: a service is a program with more to say
    services: Object.fromEntries(made) as Stack<Name>['services'], // why: every Name was just found in it
  }
}

interface Making {
  readonly project: Project
  readonly parts: Readonly<Record<string, Part>>
  readonly made: Map<string, Service<Http & Metered, string>>
}

/** Those that it depends on first: Compose has refused a file in which they wait for each other. */
function makeOne(name: string, making: Making): Service<Http & Metered, string> {
  const { project, parts, made } = making
  const there = made.get(name)
  if (there !== undefined) return there
  const described = project.services.get(name)
  if (described === undefined) throw new UsageError(`there is no service ${name} in ${project.file}`)
  const { port = described.ports[0], ports = {}, ready, metrics, ...rest } = parts[name] ?? {}
  const needs = Object.keys(described.needs).map((other) => makeOne(other, making))
  const further = Object.entries(ports).map(([key, inside]) => [key, { env: '', fixed: inside }] as const)
  const one = service<string, string>({
    ...rest,
    name,
    run: [],
    port: port ?? 'none',
    ports: Object.fromEntries(further),
    ready: ready ?? (isAwaited(project, name) ? 'completed' : readyOf(described, port)),
    completes: described.mayComplete,
    needs: needs as never, // why: a service is a program with more to say
    metrics: metrics ?? '/metrics',
    // Only who is said to have metrics is asked for them when something fails.
    ...(metrics === undefined ? { evidence: async () => ({}) } : {}),
    driver: createComposeDriver(project, name),
  })
  project.place(name, [...(port === undefined ? [] : [port]), ...Object.values(ports)])
  made.set(name, one)
  return one
}

/** True where another service waits for it to have done its work. */
function isAwaited({ services }: Project, name: string): boolean {
  return [...services.values()].some(({ needs }) => needs[name] === 'service_completed_successfully')
}

function readyOf({ hasHealthCheck }: Described, port: number | undefined): Ready<string> {
  if (hasHealthCheck) return { healthy: true }
  return port === undefined ? 'started' : { tcp: true }
}
