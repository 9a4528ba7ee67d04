import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'

const { argv, env } = process

/**
 * As what programs can be run that do not say it themselves: processes, containers in the place of processes, or containers on
 * a network of their own.
 */
export const DRIVERS = ['process', 'docker', 'docker-network'] as const

/** The name of one of them. */
export type DriverName = (typeof DRIVERS)[number]

/** The variable that says it, for scripts that a runner starts. */
export const DRIVER_VARIABLE = 'SHAKEDOWN_DRIVER'

/** The variable that names the engine, for scripts that a runner starts. */
export const ENGINE_VARIABLE = 'SHAKEDOWN_DOCKER_HOST'

/**
 * As what this process runs programs that can be run in several ways: `SHAKEDOWN_DRIVER`, else `--driver` on its command line,
 * else `DRIVER`, else as processes. Throws a UsageError for a name that there is not.
 */
export function chosenDriver(): DriverName {
  const told = env[DRIVER_VARIABLE] ?? flagIn('--driver')
  if (told !== undefined) return driverNamed(told)
  // Other tools have a variable of that name, too: what it says there is nothing to complain about.
  return DRIVERS.find((name) => name === env['DRIVER']) ?? 'process'
}

/** True where programs that can be containers are. */
export function inContainers(): boolean {
  return chosenDriver() !== 'process'
}

/** The driver of that name; throws a UsageError with the nearest one. */
export function driverNamed(name: string): DriverName {
  const found = DRIVERS.find((known) => known === name)
  if (found !== undefined) return found
  throw new UsageError(`unknown driver: ${name}`, {
    expected: DRIVERS.join(', '),
    hint: didYouMean(name, DRIVERS),
  })
}

/** The engine that the command line names, where it does: `--docker-host`. Throws a UsageError for what is no address. */
export function wantedEngine(): string | undefined {
  const told = env[ENGINE_VARIABLE] ?? flagIn('--docker-host')
  return told === undefined ? undefined : engineNamed(told)
}

/** The address of an engine, as it is; throws a UsageError for one that cannot be spoken to. */
export function engineNamed(address: string): string {
  if (/^(unix|npipe):\/\/.|^tcp:\/\/[^/:]+(:\d+)?\/?$|^tcp:\/\/\[[\da-f:]+\](:\d+)?\/?$/i.test(address))
    return address
  throw new UsageError(`no address of a Docker engine: ${address}`, {
    expected: 'unix:///path/to/docker.sock, or tcp://host:port',
    hint: address.startsWith('ssh://')
      ? `forward its socket: ssh -NL /tmp/engine.sock:/var/run/docker.sock ${address.slice('ssh://'.length)}, and --docker-host unix:///tmp/engine.sock`
      : [],
  })
}

function flagIn(flag: string): string | undefined {
  const words = argv.slice(2)
  const index = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`))
  const word = words[index]
  return word === flag ? words[index + 1] : word?.slice(flag.length + 1)
}
