import { UsageError } from '../error.ts'
import { createReference, type Reference, type Viewer } from '../reference.ts'
import { addressOf, type Control, control, createControl, MAIN } from './control.ts'
import { dismantle } from './dismantle.ts'
import type { Elsewhere } from './driver.ts'
import { createInsideVerbs, type InsideVerbs } from './inside.ts'
import { createLogs, type Logs } from './logs.ts'
import { programsOf } from './members.ts'
import { createReadings, type ProgramReadings } from './readings.ts'
import { pause, resume, send } from './signals.ts'
import type { ProgramSpec } from './spec.ts'
import { startAgain, startAll } from './start.ts'
import { kill, stopAsAsked } from './stop.ts'

/**
 * A program as a value: wired before it runs, it answers for it while it runs. A reference to its main address `host:port`.
 * An object may be extended as one likes, `{ ...program, … }`: it stays the same service.
 */
export interface Program<Port extends string = never>
  extends Reference<string>,
    ProgramReadings,
    InsideVerbs,
    AsyncDisposable {
  readonly [control]: Control
  readonly name: string
  readonly host: Reference<string>
  readonly port: Reference<number>
  /** Its own folder, which goes when it is stopped for good. */
  readonly dir: Reference<string>
  /** `http://host:port`. */
  readonly url: Reference<string>
  /** Its further ports, as numbers. */
  readonly ports: Readonly<Record<Port, Reference<number>>>
  /** `host:port` of one of its further ports. */
  endpoint(port: Port): Reference<string>
  readonly logs: Logs
  /** Starts it by itself; again, at the same address, after it was stopped or died. */
  start(): Promise<void>
  /** Stops it as its spec says, or with another signal. Its end must be clean. */
  stop(signal?: NodeJS.Signals): Promise<void>
  /** Sends a signal to the program itself, not to its children. */
  signal(signal: NodeJS.Signals): Promise<void>
  /** Ends it and its children with SIGKILL. */
  kill(): Promise<void>
  /** Freezes it and its children. */
  pause(): Promise<void>
  resume(): Promise<void>
  restart(): Promise<void>
}

/** Makes a program of its description. Nothing is started, and nothing on the machine is looked at. */
export function createProgram<const Port extends string = never>(spec: ProgramSpec<Port>): Program<Port> {
  const one = createControl(
    spec,
    (spec.needs ?? []).flatMap(programsOf).map((needed) => needed[control]),
  )
  const names = Object.keys(spec.ports ?? {})
  if (names.includes(MAIN)) {
    throw new UsageError(`${one.name} calls a further port ${MAIN}`, {
      hint: 'that is how its first one is called: give this one another name',
    })
  }
  const { name } = one
  const { elsewhere } = one.driver
  return {
    ...address(one, name, (viewer) => addressText(one, viewer)),
    [control]: one,
    name,
    host: address(one, `${name}.host`, (viewer) => addressOf(one, viewer)?.host),
    port: address(one, `${name}.port`, (viewer) => addressOf(one, viewer)?.port),
    dir: address(one, `${name}.dir`, () => one.lease?.dir || undefined),
    url: address(one, `${name}.url`, (viewer) =>
      elsewhere === undefined || one.lease === undefined
        ? prefix('http://', addressText(one, viewer))
        : elsewhere.url(viewer),
    ),
    // Its keys are those of spec.ports, of which Port is made.
    ports: Object.fromEntries(
      names.map((key) => [
        key,
        address(one, `${name}.ports.${key}`, (viewer) => addressOf(one, viewer, key)?.port),
      ]),
    ) as Program<Port>['ports'], // why: see above
    endpoint: (key) => address(one, `${name}.endpoint('${key}')`, (viewer) => addressText(one, viewer, key)),
    logs: createLogs(one, one.log, elsewhere),
    ...createReadings(one),
    ...createInsideVerbs(one),
    ...createVerbs(one),
  }
}

function address<T extends string | number>(
  one: Control,
  describe: string,
  resolve: (viewer: Viewer) => T | undefined,
): Reference<T> {
  return createReference(describe, [one], resolve)
}

function addressText(one: Control, viewer: Viewer, name: string = MAIN): string | undefined {
  const found = addressOf(one, viewer, name)
  return found === undefined ? undefined : `${found.host}:${found.port}`
}

function prefix(text: string, rest: string | undefined): string | undefined {
  return rest === undefined ? undefined : text + rest
}

type Verbs = Pick<
  Program,
  'start' | 'stop' | 'signal' | 'kill' | 'pause' | 'resume' | 'restart' | typeof Symbol.asyncDispose
>

function createVerbs(one: Control): Verbs {
  const startOne = () => (one.state === 'new' ? startAll([one]) : startAgain(one))
  if (one.driver.elsewhere !== undefined)
    return { ...refuseVerbs(one, one.driver.elsewhere), start: startOne }
  return {
    start: startOne,
    stop: (signal) => stopAsAsked(one, signal),
    kill: () => kill(one),
    signal: (signal) => send(one, signal),
    pause: () => pause(one),
    resume: () => resume(one),
    async restart() {
      await stopAsAsked(one)
      await startAgain(one)
    },
    [Symbol.asyncDispose]: () => dismantle(one),
  }
}

/** What was not started here is used, and neither ended nor disturbed, whatever it is. */
function refuseVerbs(one: Control, { text }: Elsewhere): Omit<Verbs, 'start'> {
  const refuse = (done: string) => async (): Promise<never> => {
    throw new UsageError(`${one.name} was not started here, so that it cannot be ${done} here`, {
      last: `it already runs at ${text}`,
      hint: 'for that it must be the own one of the script: leave `at` out',
    })
  }
  return {
    stop: refuse('stopped'),
    kill: refuse('killed'),
    signal: refuse('signalled'),
    pause: refuse('paused'),
    resume: refuse('resumed'),
    restart: refuse('restarted'),
    [Symbol.asyncDispose]: () => dismantle(one),
  }
}
