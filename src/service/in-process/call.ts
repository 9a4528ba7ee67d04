import { runOutOfContext } from '../../context.ts'
import { UsageError } from '../../error.ts'
import type { Exit, Handle, LaunchPlan } from '../driver.ts'
import { closeServers, crash, type Life, runInLife } from './life.ts'
import type { Act } from './run.ts'

/** Calls a function as the program of a service. */
export function call(act: Act, plan: LaunchPlan): Handle {
  const { promise: exited, resolve } = Promise.withResolvers<Exit>()
  const stop = new AbortController()
  const life: Life = {
    write: plan.write,
    servers: new Set(),
    end(exit) {
      resolve(exit)
      // It crashed in one place: whatever else it is doing should end, too.
      stop.abort(new Error('the service has ended'))
    },
  }
  const [, ...args] = plan.command
  const { env, dir, ports } = plan
  const log = (text: string) => plan.write('stdout', Buffer.from(`${text}\n`))
  const inside = {
    args,
    env,
    dir,
    ports,
    host: '127.0.0.1',
    port: ports['main'] ?? 0,
    signal: stop.signal,
    log,
  }
  // What a service does is no part of the step that has started it.
  runOutOfContext(() => runInLife(life, () => Promise.try(act, inside))).then(
    () => {
      if (!stop.signal.aborted) plan.write('stderr', RETURNED)
      life.end({ code: 0, signal: null })
    },
    (error: unknown) => {
      if (stop.signal.aborted && isAbort(error, stop.signal)) life.end({ code: 0, signal: null })
      else crash(life, error)
    },
  )
  return createHandle(plan.service, { life, stop, exited })
}

const RETURNED = Buffer.from(
  'it returned, and nobody had asked it to stop: a function is a service for as long as its promise is pending\n',
)

/** What it waited for was broken off because it is to stop. */
function isAbort(error: unknown, { reason }: AbortSignal): boolean {
  return error === reason || (error instanceof Error && error.name === 'AbortError')
}

function createHandle(
  service: string,
  {
    life,
    stop,
    exited,
  }: { readonly life: Life; readonly stop: AbortController; readonly exited: Promise<Exit> },
): Handle {
  const abandon = () => {
    closeServers(life)
    life.end({ code: null, signal: 'SIGKILL' })
  }
  return {
    exited,
    signal(signal) {
      if (signal === 'SIGKILL') abandon()
      else stop.abort(new Error(`asked to stop by ${signal}`))
      return true
    },
    usage: () =>
      Promise.reject(
        new UsageError(`what ${service} uses cannot be told from what the script itself does`, {
          hint: 'it runs in the script’s own process: have it run in one of its own to measure it',
        }),
      ),
    children: async () => [],
    listener: async () => ({ whose: 'unknown' }),
    async sweep() {
      closeServers(life)
      return []
    },
    killNow: abandon,
  }
}
