import { resolve as resolvePath } from 'node:path'
import { env as ownEnvironment } from 'node:process'
import { UsageError } from '../error.ts'
import { registerSecretsIn } from '../redact.ts'
import { recordOwners, render, type Word } from '../reference.ts'
import { RUN_VARIABLE, runMark } from '../run-id.ts'
import { type Control, isControl, MAIN, placeOf } from './control.ts'
import type { LaunchPlan } from './driver.ts'
import { actOf, isInProcess } from './in-process/run.ts'
import { SERVICE_VARIABLE } from './process/family.ts'
import type { AnySpec, Env, Place } from './spec.ts'

/** What turning references into text has shown. */
export interface Wiring {
  /** Ready to be launched, or why not yet: an address is not known. */
  readonly plan: Plan | UsageError
  /** Whose addresses are in the command, the environment or `needs`: these are ready first. */
  readonly edges: ReadonlySet<Control>
  /** Whose addresses are anywhere, files included. */
  readonly mentioned: ReadonlySet<Control>
}

/** What is launched, before anybody hears what it prints. */
export type Plan = Omit<LaunchPlan, 'write' | 'end'>

/** Variables that would make a Node program below us believe that it is part of our own test runner. */
const NOT_INHERITED = [
  'NODE_TEST_CONTEXT',
  'NODE_CHANNEL_FD',
  'NODE_UNIQUE_ID',
  'NODE_COMPILE_CACHE',
  'SHAKEDOWN_KEEPER',
]

/** Renders a service that has its place, for where it runs, and records whose addresses that took. */
export function wire(control: Control): Wiring {
  const { viewer } = control.driver
  let told = false
  const place = placeOf(control, () => {
    told = true
  })
  const launch = recordOwners(viewer, () => attempt(() => renderLaunch(control, place)))
  const files = recordOwners(viewer, () => attempt(() => renderFiles(control, place)))
  const waiting = [...launch.owners].filter(isControl)
  const all = [...waiting, ...[...files.owners].filter(isControl)]
  const implied = control.spec.waits === false ? [] : waiting
  const wiring = {
    edges: without(control, [...implied, ...control.needs]),
    mentioned: without(control, [...all, ...control.needs]),
  }
  if ('error' in launch.value) return { ...wiring, plan: launch.value.error }
  if ('error' in files.value) return { ...wiring, plan: files.value.error }
  refuseUntoldPort(control, told || all.includes(control))
  const { lease } = control
  const plan = {
    ...basics(control),
    ...launch.value.value,
    files: files.value.value,
    ports: lease?.ports ?? {},
  }
  return { ...wiring, plan }
}

type Attempt<T> = { readonly value: T } | { readonly error: UsageError }

/** What was recorded up to the mistake still counts: whose address is not known may be the one who has yet to tell it. */
function attempt<T>(act: () => T): Attempt<T> {
  try {
    return { value: act() }
  } catch (error) {
    if (error instanceof UsageError) return { error }
    throw error
  }
}

function without(control: Control, others: readonly Control[]): ReadonlySet<Control> {
  return new Set(others.filter((other) => other !== control))
}

function renderLaunch(control: Control, place: Place<string>) {
  const { run, env = {} } = control.spec
  const { viewer } = control.driver
  const words = wordsOf(run, place)
  const own: Env = typeof env === 'function' ? env(place) : env
  const values = Object.entries(own).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'boolean' ? String(value) : render(value, viewer)]],
  )
  const variables: Record<string, string> = { ...tellPorts(control), ...Object.fromEntries(values) }
  registerSecretsIn(variables)
  return {
    command: words.map((word) => render(word, viewer)),
    env: {
      ...(control.driver.inherits === false ? {} : inherited(own)),
      ...variables,
      [RUN_VARIABLE]: runMark,
      [SERVICE_VARIABLE]: control.name,
    },
  }
}

/** A function that is a service stands for its program: the first word is what it is called. */
function wordsOf(run: AnySpec['run'], place: Place<string>): readonly Word[] {
  const given = isInProcess(run) ? run.args : run
  const words = typeof given === 'function' ? given(place) : given
  return isInProcess(run) ? [actOf(run).name || 'function', ...words] : words
}

function renderFiles(control: Control, place: Place<string>): Readonly<Record<string, string>> {
  const entries = Object.entries(control.spec.files ?? {}).map(([name, given]) => {
    const text = typeof given === 'function' ? given(place) : given
    return [name, render(text, control.driver.viewer)]
  })
  return Object.fromEntries(entries)
}

function basics(control: Control) {
  const { spec, lease } = control
  const dir = lease?.dir ?? ''
  return {
    service: control.name,
    cwd: spec.in === undefined ? dir : resolvePath(spec.in),
    dir,
    user: spec.user,
    install: spec.install,
  }
}

function tellPorts(control: Control): Record<string, string> {
  const { port, ports = {} } = control.spec
  const main = typeof port === 'object' && 'env' in port ? { [MAIN]: port.env } : {}
  const further = Object.entries(ports).map(
    ([name, given]) => [name, typeof given === 'string' ? given : given.env] as const,
  )
  const told = [...Object.entries(main), ...further].filter(([, variable]) => variable !== '')
  return Object.fromEntries(told.map(([name, variable]) => [variable, String(control.lease?.ports[name])]))
}

/** What is not to be told anew, by a value or by undefined. */
function inherited(own: Env): Record<string, string> {
  const entries = Object.entries(ownEnvironment).flatMap(([name, value]) =>
    value === undefined || Object.hasOwn(own, name) || NOT_INHERITED.includes(name) ? [] : [[name, value]],
  )
  return Object.fromEntries(entries)
}

/** A free port that nobody tells the program about can never be where it listens: waiting for it would be hopeless. */
function refuseUntoldPort(control: Control, told: boolean): void {
  const { port, run } = control.spec
  if (control.driver.elsewhere !== undefined || told || port !== undefined || isInProcess(run)) return
  throw new UsageError(`nothing tells ${control.name} on which port to listen`, {
    ...(control.at === undefined ? {} : { at: control.at.toString() }),
    hint: [
      'use its place: run: ({ port }) => […], or the same in env or files',
      "or name the variable that tells it: port: { env: 'PORT' }",
      "or say that it listens nowhere: port: 'none'",
    ],
  })
}
