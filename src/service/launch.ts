import { UsageError } from '../error.ts'
import { emit } from '../event.ts'
import type { Waited } from '../wait/poll.ts'
import { settleWithin } from '../wait/settle.ts'
import { type Control, endpointsOf, type Launch, portOf } from './control.ts'
import type { Exit } from './driver.ts'
import { createLook, type Look, waitUntilReady } from './ready.ts'
import type { Checked } from './spec.ts'
import { tellDied, tellDiedAtBoot, tellHopeless, tellNotReady, tellThief } from './tell.ts'
import { wire } from './wiring.ts'

/** After SIGKILL, so many milliseconds until a process is gone; longer only when the kernel itself is stuck. */
const KILL_PATIENCE = 5000

/** What one launch is watched with. */
interface Watching {
  readonly look: Look
  /** Aborts when it is hopeless to wait. */
  readonly over: AbortController
  readonly after: readonly string[]
}

/**
 * Launches a program and waits until it is ready. `moved` when somebody else had taken its port: then it is ended, and has
 * another port for the next launch.
 */
export async function launchOnce(
  control: Control,
  after: readonly string[],
  mayMove: boolean,
): Promise<'ready' | 'moved'> {
  const watching = { look: createLook(control), over: new AbortController(), after }
  const stopListening = listenWhileStarting(control, watching)
  try {
    const launch = await begin(control, watching)
    const signal = AbortSignal.any([watching.over.signal, control.cancel.signal])
    const waited = await waitUntilReady(control, watching.look, signal)
    control.cancel.signal.throwIfAborted()
    const stolen = await findThief(control, launch)
    if (stolen !== undefined) return await move(control, launch, { ...stolen, mayMove })
    watching.over.signal.throwIfAborted()
    if (waited.ended !== 'met') throw tellNotReady(control, waited, watching.look.describe)
    tellReady(control, launch, waited)
    return 'ready'
  } finally {
    stopListening()
  }
}

async function begin(control: Control, { look, over, after }: Watching): Promise<Launch> {
  const { plan, mentioned } = wire(control)
  if (plan instanceof UsageError) throw plan
  const { driver, log, name } = control
  const began = performance.now()
  emit({ kind: 'service:starting', service: name, driver: driver.name, command: plan.command, after })
  const write = { write: log.write, end: log.end }
  const handle = await driver.launch({ ...plan, ...write })
  for (const other of mentioned) other.handedOut = true
  const launch: Launch = {
    handle,
    began,
    over,
    exit: undefined,
    ready: false,
    ending: false,
    asked: undefined,
  }
  control.launch = launch
  void handle.exited.then((exit) => noteExit(control, launch, { exit, look }))
  emit({ kind: 'service:started', service: name, pid: handle.pid, endpoints: endpointsOf(control) })
  return launch
}

function noteExit(control: Control, launch: Launch, { exit, look }: { exit: Exit; look: Look }): void {
  const { name, log, context } = control
  launch.exit = exit
  log.end()
  const completed = isCompleted(control, exit)
  const expected = completed || isAskedFor(control, launch, exit)
  emit({ kind: 'service:exit', service: name, ...exit, expected })
  if (!completed) launch.over.abort(tellDiedAtBoot(control, exit, look.describe))
  if (control.launch !== launch || control.state === 'starting' || control.state === 'stopping') return
  control.state = expected ? 'stopped' : 'dead'
  if (expected) return
  const death = tellDied(control, exit, performance.now() - launch.began)
  if (context === undefined) control.death = death
  else context.fail(death)
}

/** True for the end of a program that was to come to one. */
function isCompleted({ spec: { completes, ready } }: Control, { code }: Exit): boolean {
  return code === 0 && (completes === true || ready === 'completed')
}

const ENDING: ReadonlySet<NodeJS.Signals> = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGABRT'])

/** True when the script stopped it, or sent a signal that ends programs. */
function isAskedFor({ spec }: Control, { ending, asked }: Launch, { signal }: Exit): boolean {
  if (ending) return true
  return asked !== undefined && (ENDING.has(asked) || asked === signal || asked === spec.stop?.signal)
}

function listenWhileStarting(control: Control, { look, over }: Watching): () => void {
  const { port, failOn = [] } = control.spec
  const announced = typeof port === 'object' && 'announced' in port ? port.announced : undefined
  if (announced !== undefined) control.announced = undefined
  const stop = control.log.listen(({ text }) => {
    const told = announced?.exec(text)?.groups?.['port']
    if (told !== undefined) control.announced ??= Number(told)
    if (failOn.some((pattern) => text.search(pattern) >= 0))
      over.abort(tellHopeless(control, text, look.describe))
  })
  return () => {
    stop()
    look.close()
  }
}

interface Stolen {
  readonly name: string
  readonly port: number
  readonly who: string
}

/** Somebody else who listens where the program should: a healthy answer from there says nothing about ours. */
async function findThief(control: Control, { handle }: Launch): Promise<Stolen | undefined> {
  if (!control.driver.capabilities.has('listeners')) return undefined
  const names = Object.keys(control.lease?.ports ?? {})
  for (const name of names) {
    const port = portOf(control, name)
    const found = port === undefined ? undefined : await handle.listener(port)
    if (port !== undefined && found?.whose === 'foreign') return { name, port, who: found.who }
  }
  return undefined
}

async function move(
  control: Control,
  launch: Launch,
  { name, port, who, mayMove }: Stolen & { mayMove: boolean },
): Promise<'moved'> {
  if (!mayMove || isFixed(control, name) || control.handedOut) throw tellThief(control, port, who)
  launch.ending = true
  await launch.handle.signal('SIGKILL', 'group')
  await settleWithin(launch.handle.exited, KILL_PATIENCE)
  await launch.handle.sweep()
  await control.lease?.exchange(name)
  const text = `port ${port} of ${control.name} was taken by ${who}: it moves to ${portOf(control, name)}`
  emit({ kind: 'note', level: 'info', text })
  return 'moved'
}

/** True for ports that the user asked for by number. */
export function isFixed({ spec: { port } }: Control, name: string): boolean {
  return name === 'main' && (typeof port === 'number' || (typeof port === 'object' && 'fixed' in port))
}

function tellReady(control: Control, launch: Launch, waited: Waited<Checked>): void {
  control.state = launch.exit === undefined ? 'running' : 'stopped'
  launch.ready = true
  const { name, spec, driver } = control
  const milliseconds = performance.now() - launch.began
  const endpoints = endpointsOf(control)
  emit({
    kind: 'service:ready',
    service: name,
    milliseconds,
    endpoints,
    version: spec.version,
    looks: waited.count,
    elsewhere: driver.elsewhere?.text,
    kept: launch.handle.kept,
  })
}
