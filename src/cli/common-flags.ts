import { type Duration, isDuration, milliseconds } from '../duration.ts'
import { UsageError } from '../error.ts'
import { loaderOf } from '../lazy.ts'
import { MODES, mode } from '../mode.ts'
import { isReporterFile, REPORTERS, reporterNamed } from '../report/reporter-names.ts'
import { readTags, WISH } from '../scenario/selection.ts'
import { DRIVER_VARIABLE, DRIVERS, driverNamed, ENGINE_VARIABLE, engineNamed } from '../service/chosen.ts'
import type { ConsoleWishes } from './console.ts'
import { DOUBT_FLAGS } from './doubt-flags.ts'
import type { Flags, Given } from './flags.ts'

const { load } = loaderOf(import.meta.url)

/** The flags of whatever tells a run. */
export const TELLING_FLAGS: Flags = {
  reporter: {
    value: 'NAME',
    about: `how it is told: ${Object.keys(REPORTERS).join(', ')}, or a file whose default export is a function over events (what fits the terminal, the pipe or GitHub)`,
  },
  verbose: { short: 'v', about: 'every claim and every line that a service prints (also DEBUG=1)' },
}

/** The flags of a script that is run by hand. */
export const SCRIPT_FLAGS: Flags = {
  quick: {
    about:
      'every promise in seconds: fast scrapes, little load, a short time to live for the proof of expiry',
  },
  full: { about: 'the documented load, timeline and time to live (the default)' },
  ci: {
    about: 'as full, with a deadline for the whole run, no colours, and a skip that was not allowed fails',
  },
  only: { value: 'TEXT', about: 'only scenarios whose title contains TEXT' },
  tag: { value: 'TAG', about: "only scenarios with this tag: p0, 'p0 and not slow', 'a or (b and c)'" },
  driver: { value: 'NAME', about: `what programs are run as that can be either: ${DRIVERS.join(', ')}` },
  'docker-host': {
    value: 'HOST',
    about: 'the Docker engine, unix:// or tcp://; one of another machine is used only where this names it',
  },
  timeout: { value: 'DURATION', about: 'end the whole run after this time, with exit 124 (--ci: 5m)' },
  'allow-skip': {
    value: 'TEXT',
    many: true,
    about: 'in --ci, let skips pass whose name or reason contains TEXT',
  },
  retries: {
    value: 'N',
    about: 'tell a scenario again, up to N times, after a failure that it names as transient',
  },
  'fail-on-flaky': { about: 'with --retries: exit 1 where one had to be told again' },
  cpus: {
    value: 'SHARE',
    about: 'let services run only so much of the time, 0.5: finds what hangs on their speed',
  },
  keep: { about: 'stay up after the scenarios, print the endpoints, go on with Enter' },
  results: { value: 'DIR', about: 'where the results folder is made (results)' },
  ...TELLING_FLAGS,
  ...DOUBT_FLAGS,
  list: { about: 'list the scenarios and their tags, start nothing' },
  help: { short: 'h', about: 'this text' },
}

/** The flags of whatever runs several scripts. */
export const COMMON_FLAGS: Flags = {
  ...SCRIPT_FLAGS,
  repeat: { value: 'N', about: 'run everything N times, and stop at the first failure' },
  workers: { value: 'N', about: 'so many scripts at a time (all of them)' },
  version: { about: 'the version' },
}

const CI_TIMEOUT = '5m'

/** Throws a UsageError when several modes were given. */
export function checkModes(given: Given): void {
  const modes = Object.keys(MODES).filter((name) => given.has(name))
  if (modes.length > 1)
    throw new UsageError(`--${modes.join(' and --')} do not go together`, { hint: 'choose one' })
}

/** What the selection is, as scripts read it from their environment. Throws a UsageError for one that makes no sense. */
export function wishesOf(given: Given): Readonly<Record<string, string>> {
  const only = given.value('only')
  const tag = given.value('tag')
  const retries = readRetries(given)
  const share = readShare(given)
  if (tag !== undefined) readTags(tag)
  return {
    ...(only === undefined ? {} : { [WISH.only]: only }),
    ...(tag === undefined ? {} : { [WISH.tag]: tag }),
    ...(retries === undefined ? {} : { [WISH.retries]: String(retries) }),
    ...(share === undefined ? {} : { [WISH.cpus]: String(share) }),
    ...(given.has('driver') ? { [DRIVER_VARIABLE]: driverNamed(given.value('driver') ?? '') } : {}),
    ...(given.has('docker-host') ? { [ENGINE_VARIABLE]: engineNamed(given.value('docker-host') ?? '') } : {}),
    ...(given.has('keep') ? { [WISH.keep]: '1' } : {}),
    ...(given.has('list') ? { [WISH.list]: '1' } : {}),
  }
}

function readRetries(given: Given): number | undefined {
  const count = readCount(given, 'retries')
  if (count === undefined && given.has('fail-on-flaky'))
    throw new UsageError('--fail-on-flaky is for --retries', { hint: 'give both, or none' })
  return count
}

/** The share of the time for which services may run; throws a UsageError for what is none, and where that cannot be done. */
export function readShare(given: Given): number | undefined {
  const text = given.value('cpus')
  if (text === undefined) return undefined
  const share = Number(text)
  if (!(share > 0 && share < 1))
    throw new UsageError(`--cpus ${text}`, { expected: 'a number between 0 and 1' })
  if (process.platform === 'win32')
    throw new UsageError('--cpus needs signals that stop a process, and Windows has none')
  return share
}

/** A whole number from 1 on; throws a UsageError for anything else. */
export function readCount(given: Given, name: string): number | undefined {
  const text = given.value(name)
  if (text === undefined) return undefined
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new UsageError(`--${name} ${text}`, { expected: 'a whole number from 1 on' })
}

/** The deadline of the whole run in milliseconds, if it has one; throws a UsageError for what is no duration. */
export function readTimeout(given: Given): number | undefined {
  const text = given.value('timeout') ?? (mode.name === 'ci' ? CI_TIMEOUT : undefined)
  if (text === undefined) return undefined
  if (!isDuration(text))
    throw new UsageError(`--timeout ${text} is no duration`, { hint: "write it in words: '30s', '5m'" })
  const limit: Duration = text
  return milliseconds(limit)
}

/** How the run is to be told; throws a UsageError for a reporter that there is not. */
export function readTelling(given: Given): ConsoleWishes {
  const name = given.value('reporter')
  const verbose = given.has('verbose') || process.env['DEBUG'] === '1'
  if (name === undefined) return { verbose }
  if (!isReporterFile(name)) return { verbose, reporter: reporterNamed(name) }
  const { loadReporter } = load<typeof import('./reporter-file.ts')>('./reporter-file')
  return { verbose, reporter: loadReporter(name) }
}
