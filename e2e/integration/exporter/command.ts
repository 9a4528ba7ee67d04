import { env } from 'node:process'
import { evict, freePort, holderOf, mode, PreflightError, redis, start } from 'shakedown'
import { readCrowd } from './settings.ts'

/** The documented ports of the application: the only ones that --force frees. */
const OWN_PORTS = { APP_PORT: 8088, PROMETHEUS_METRICS_PORT: 9093 } as const
/** Those of Redis and Prometheus: where they are taken and the user did not ask for them, another is as good. */
const OTHER_PORTS = { REDIS_PORT: 6379, PROMETHEUS_PORT: 9090 } as const

/** So many times the patience of the mode at most: a run that hangs has to end, too. */
const MOST_PATIENT = 6

/** What the flags of a command line say, as far as they matter here. */
interface Given {
  has(flag: string): boolean
}

/** Makes sure of the ports that full mode wants; gives the environment of the scripts. Throws a PreflightError. */
export async function prepare(given: Given): Promise<Readonly<Record<string, string>>> {
  const foreign = given.has('no-redis')
  if (foreign) await findRedis()
  const own = mode.name === 'quick' ? {} : OWN_PORTS
  const other = mode.name === 'quick' ? {} : OTHER_PORTS
  const found: Record<string, string> = {
    ...allowForCrowd(),
    ...(foreign ? { SHAKEDOWN_NO_REDIS: '1' } : {}),
  }
  for (const [name, port] of wanted(own)) {
    await claimPort(name, port, given.has('force'))
    found[name] = String(port)
  }
  for (const [name, port] of wanted(other)) {
    if (foreign && name === 'REDIS_PORT') continue
    found[name] = String(await moveWhereTaken(name, port))
  }
  return found
}

/** Waits are as long as the machine is busy: what takes a second by itself takes thirty where thirty want the processor. */
function allowForCrowd(): Readonly<Record<string, string>> {
  if (env['SHAKEDOWN_PATIENCE'] !== undefined) return {}
  const factor = Math.min(Math.floor(readCrowd() / 2), MOST_PATIENT)
  if (factor <= 1) return {}
  return {
    SHAKEDOWN_PATIENCE: `${mode.patience.milliseconds * factor}ms`,
    SHAKEDOWN_MODE_TIMEOUT: `${mode.timeout.milliseconds * factor}ms`,
  }
}

/** Asks the Redis that is to be used whether it is there. Throws a PreflightError that says how to have one there. */
async function findRedis(): Promise<void> {
  const { REDIS_HOST: host = '127.0.0.1', REDIS_PORT: port = OTHER_PORTS.REDIS_PORT } = env
  await using there = redis({ name: '--no-redis', at: `redis://${host}:${port}` })
  try {
    await start(there)
  } catch (error) {
    if (!(error instanceof PreflightError)) throw error
    const { title, story } = error
    const hints = [story.hint ?? []].flat().filter((hint) => !hint.includes('redis()'))
    throw new PreflightError(title, { ...story, hint: [...hints, 'or leave --no-redis out: one is started'] })
  }
}

/** The ports that a mode wants by itself, and those that the user asks for in any mode. */
function wanted(defaults: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  const names = new Set([
    ...Object.keys(defaults),
    ...Object.keys(OWN_PORTS).filter((name) => env[name] !== undefined),
  ])
  return [...names].map((name) => [name, Number(env[name] ?? defaults[name])] as const)
}

async function claimPort(name: string, port: number, force: boolean): Promise<void> {
  const holder = await holderOf(port)
  if (holder === undefined) return
  if (force) return evict(port)
  throw new PreflightError(`port ${port} (${name}) is taken by ${holder.describe}`, {
    hint: [
      `end it, or have it ended: --force`,
      `or take another port: ${name}=${port + 1}`,
      'or run --quick, which takes free ports',
    ],
  })
}

async function moveWhereTaken(name: string, port: number): Promise<number> {
  const holder = await holderOf(port)
  if (holder === undefined || env[name] !== undefined) return port
  const other = await freePort()
  process.stdout.write(`port ${port} (${name}) is taken by ${holder.describe}: ${other} is used instead\n`)
  return other
}
