import { callSite } from '../call-site.ts'
import { Failure } from '../error.ts'
import { emit, listen } from '../event.ts'
import { interruptedBy, runPhase } from '../interrupt.ts'
import { tellingNow } from '../scenario/running.ts'
import { followMain, type Main } from './main-module.ts'

/** What is done when a script is over. */
export interface Ending {
  /** Adds something that went wrong and that no event tells. */
  add(why: string): void
  /** Tells the end, and gives the exit code. */
  finish(): Promise<number>
  /** The same without waiting: the process is ending. */
  finishNow(): number
}

/** A script whose last line has run and whose scenarios are over is ended when it has not ended by itself by then. */
const LEFTOVER = 1000
/** A script whose last line did not wait for its scenarios may still be at work: so long until it is told what keeps it. */
const STILL_ALIVE = 5000

/**
 * Ends a script once, however it ends: by itself, kept alive by something that it forgot, with `process.exit`. A script that
 * ends by force in the middle of a scenario has failed. To be called before the first scenario starts.
 */
export function endWithScript(ending: Ending): void {
  const main = followMain()
  const stage = followScenarios()
  let finished = false
  let over: Promise<void> | undefined
  const end = () => {
    finished = true
    over ??= tellEnd(ending)
    return over
  }
  process.on('beforeExit', () => {
    if (finished) return
    if (stage.open > 0 || main.state === 'running') ending.add('the script waits for what can never happen')
    void end()
  })
  process.on('exit', (code) => {
    if (finished) return
    finished = true
    // With a second Ctrl-C there was no time to tell the end in order.
    if (interruptedBy() !== undefined) ending.finishNow()
    else process.exitCode = endNow(ending, { code, open: stage.open })
  })
  stage.onIdle(() => endLeftover(main, { isIdle: () => stage.open === 0 && !finished, end }))
}

async function tellEnd(ending: Ending): Promise<void> {
  // Those that the script started outside of every scenario: how they end belongs to the run.
  await runPhase('services')
  // One that did not end cleanly is an error that nobody caught, which is told on the next turn.
  await new Promise((resolve) => setImmediate(resolve))
  addOwnExitCode(ending)
  // At once: whatever keeps the reports from being written must not make it look like success.
  process.exitCode = ending.finishNow()
  process.exitCode = await ending.finish()
}

interface Stage {
  /** Scenarios that have begun and are not over, teardown included. */
  readonly open: number
  /** Calls when no scenario runs any more, which may be several times. */
  onIdle(call: () => void): void
}

function followScenarios(): Stage {
  const calls: (() => void)[] = []
  let open = 0
  listen(({ kind }) => {
    if (kind === 'scenario:start') open += 1
    if (kind !== 'scenario:end') return
    open -= 1
    if (open === 0) for (const call of calls) call()
  })
  return {
    get open() {
      return open
    },
    onIdle: (call) => {
      calls.push(call)
    },
  }
}

/** Where the script's own last line waited for its scenarios, nothing can follow. Elsewhere only what keeps it is told. */
function endLeftover(
  main: Main,
  { isIdle, end }: { readonly isIdle: () => boolean; readonly end: () => Promise<void> },
): void {
  const isAwaited = main.state === 'running'
  const force = async () => {
    if (!isIdle()) return
    tell(`the script was over and did not end: ${describeHolders()} kept it alive, so it was ended`)
    await end()
    process.exit()
  }
  const mention = () => {
    if (isIdle()) tell(`the script goes on after its scenarios: ${describeHolders()} keeps it alive`)
  }
  if (isAwaited) void main.over.then(() => setTimeout(() => void force(), LEFTOVER).unref())
  else setTimeout(mention, STILL_ALIVE).unref()
}

/** What keeps the process alive, in Node's words: `2 × Timeout, TCPServerWrap`. */
function describeHolders(): string {
  const counts = new Map<string, number>()
  for (const name of process.getActiveResourcesInfo()) counts.set(name, (counts.get(name) ?? 0) + 1)
  // Our own standard streams.
  for (const name of ['PipeWrap', 'TTYWrap']) if (counts.size > 1) counts.delete(name)
  const words = [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`))
  return words.length === 0 ? 'something' : words.join(', ')
}

function addOwnExitCode(ending: Ending): void {
  const own = process.exitCode
  if (own !== undefined && Number(own) !== 0) ending.add(`the script set the exit code ${own}`)
}

function endNow(ending: Ending, { code, open }: { code: number; open: number }): number {
  const at = callSite()?.toString()
  const told = tellingNow()
  for (const telling of told) {
    telling.endNow(
      new Failure(`the script was ended in the middle of ${telling.title}`, {
        last: `process.exit(${code})`,
        ...(at === undefined ? {} : { at }),
        hint: "return, throw, or skip('why') instead: nothing was stopped in order",
      }),
    )
  }
  if (open > told.length) ending.add('the script was ended while services were being stopped')
  else if (open === 0 && code !== 0) ending.add(`the script ended with exit code ${code}`)
  return ending.finishNow() || code
}

function tell(text: string): void {
  emit({ kind: 'note', level: 'notice', text })
}
