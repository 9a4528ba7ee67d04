import { UsageError } from '../error.ts'

/** Where the requests go: a name is looked up once a run, not once a connection. */
export interface Target {
  readonly host: string
  readonly port: number
}

/** One kind of request and how often it is sent in proportion to the others. */
export interface PlannedRequest {
  /** Above 0; only the proportion to the other weights counts. */
  readonly weight: number
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
  /** The name under which it is counted in `Sent.byPath`; its path when none is given. */
  readonly label?: string
}

/** Requests at a rate, whatever the answers do: one is due every `1000 / perSecond` milliseconds. */
export interface OpenShape {
  readonly kind: 'open'
  readonly perSecond: number
  readonly milliseconds: number
  /** The most connections at once, 256 when not given. Requests that find all of them busy wait, and their wait counts. */
  readonly connections?: number
}

/** So many connections, each sending its next request when the last was answered, until time or requests run out. */
export interface ClosedShape {
  readonly kind: 'closed'
  readonly connections: number
  readonly milliseconds?: number
  readonly requests?: number
}

/** How far a run has come, about once a second. */
export interface Progress {
  readonly sent: number
  readonly answered: number
  readonly errors: number
  /** In milliseconds, over the run so far; undefined until something was answered. */
  readonly p95: number | undefined
}

/** All that a load needs to know; nothing is shared between two runs. */
export interface Plan {
  readonly target: Target
  readonly requests: readonly PlannedRequest[]
  readonly shape: OpenShape | ClosedShape
  /** Milliseconds from the intended send time to the end of the answer; see limitsOf. */
  readonly timeout?: number
  /** Milliseconds that outstanding answers are waited for once nothing more is sent; see limitsOf. */
  readonly patience?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

type Rule = readonly [holds: (value: number) => boolean, wanted: string]

const PORT: Rule = [(value) => isCount(value) && value < 65_536, 'a whole number from 1 to 65535']
const COUNT: Rule = [isCount, 'a whole number of 1 or more']
const ABOVE_0: Rule = [isPositive, 'above 0']
const TIME: Rule = [isPositive, 'above 0 milliseconds']
const TIME_OR_NONE: Rule = [(value) => value === 0 || isPositive(value), '0 milliseconds or more']
const RATE: Rule = [isPositive, 'above 0 a second']

/** How long, in milliseconds, a request may take (10 000 when not given), and what is outstanding at the end: as long. */
export function limitsOf({ timeout = 10_000, patience = timeout }: Partial<Plan>): {
  readonly timeout: number
  readonly patience: number
} {
  return { timeout, patience }
}

/** Throws a UsageError for a plan that cannot be carried out, before anything is sent. */
export function checkPlan(plan: Plan): void {
  const { target, requests, shape } = plan
  if (target.host === '') refuse('the target has no host', 'give a name or an address')
  check('the port', target.port, PORT)
  if (requests.length === 0) refuse('a load without requests', "name at least one path: { '/': 1 }")
  for (const { weight, path } of requests) check(`the weight of ${path}`, weight, ABOVE_0)
  check('the timeout', plan.timeout ?? 1, TIME)
  check('the patience', plan.patience ?? 0, TIME_OR_NONE)
  check('the number of connections', shape.connections ?? 1, COUNT)
  if (shape.milliseconds !== undefined) check('the length', shape.milliseconds, TIME)
  if (shape.kind === 'open') check('the rate', shape.perSecond, RATE)
  if (shape.kind === 'closed') checkEnd(shape)
}

function checkEnd(shape: ClosedShape): void {
  if (shape.requests === undefined && shape.milliseconds === undefined) {
    refuse('a load without an end', 'say for how long, or how many requests')
  }
  check('the number of requests', shape.requests ?? 1, COUNT)
}

function check(what: string, value: number, [holds, wanted]: Rule): void {
  if (!holds(value)) refuse(`${what} is ${value}`, `it must be ${wanted}`)
}

function refuse(title: string, hint: string): never {
  throw new UsageError(title, { hint })
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
