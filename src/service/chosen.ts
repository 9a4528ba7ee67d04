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

/**
 * As what this process runs programs that can be run in several ways: `SHAKEDOWN_DRIVER`, else `--driver` on its command line,
 * else `DRIVER`, else as processes. Throws a UsageError for a name that there is not.
 */
export function chosenDriver(): DriverName {
  const told = env[DRIVER_VARIABLE] ?? flagIn(argv.slice(2))
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

function flagIn(words: readonly string[]): string | undefined {
  const index = words.findIndex((word) => word === '--driver' || word.startsWith('--driver='))
  const word = words[index]
  return word === '--driver' ? words[index + 1] : word?.slice('--driver='.length)
}
