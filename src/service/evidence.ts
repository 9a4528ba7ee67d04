import { env } from 'node:process'
import { currentContext } from '../context.ts'
import { titleOf, toError, UsageError } from '../error.ts'
import { raceAbort } from '../wait/poll.ts'
import { type Control, endpointsOf } from './control.ts'
import { live } from './dismantle.ts'
import { createEvidenceFolder, type EvidenceFolder, showVariables } from './evidence-folder.ts'
import { currentGuard } from './guard.ts'
import { findFamily } from './process/family.ts'
import { listProcesses, type ProcessEntry, readCommand } from './process/table.ts'
import { wire } from './wiring.ts'

/** What evidence was found: paths in its folder, and what could not be had. */
export type Found = Pick<EvidenceFolder, 'files' | 'missing'>

const LOG_LINES = 2000
/** What of the environment explains a run; everything else is nobody's business. */
const ALLOWED = new RegExp(
  `^(?:${[
    'PATH|HOME|USER|SHELL|PWD|TMPDIR|HOSTNAME|LANG|LC_\\w+|TZ|TERM|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|DEBUG|CI',
    'NODE_(?:OPTIONS|ENV|PATH|EXTRA_CA_CERTS)|PYTHONPATH|VIRTUAL_ENV|JAVA_HOME|\\w+_BIN|SHAKEDOWN_\\w+',
    'GITHUB_(?:ACTIONS|EVENT_NAME|JOB|REF|REPOSITORY|RUN_ATTEMPT|RUN_ID|SHA|WORKFLOW|WORKSPACE)|RUNNER_(?:ARCH|NAME|OS)',
    'CI_(?:COMMIT_SHA|JOB_ID|JOB_NAME|PIPELINE_ID|PROJECT_DIR|PROJECT_PATH)|JOB_COMPLETION_INDEX',
  ].join('|')})$`,
)

/**
 * Keeps in a folder what would be gone after the teardown of the running scenario: what its services say of themselves,
 * their last lines, the environment, the process table. Nobody is waited for after the signal. Never rejects.
 */
export async function gatherEvidence(folder: string, signal: AbortSignal): Promise<Found> {
  const found = createEvidenceFolder(folder)
  const here = currentContext()?.scenario
  const concerned = [...live].filter(({ context }) => context === undefined || context.scenario === here)
  // At once, while everything is as it was when it failed; then what has to be asked for.
  attempt(found, 'processes.txt', () => showProcesses())
  attempt(found, 'environment.txt', () => showVariables(pickAllowed()))
  attempt(found, 'services.json', () => `${JSON.stringify(concerned.map(describe), undefined, 2)}\n`)
  for (const control of concerned.filter(({ log }) => log.tail(1).length > 0))
    attempt(found, `${control.name}/log.txt`, () => showLog(control))
  await Promise.all(concerned.map((control) => ask(control, found, signal)))
  return found
}

function attempt(found: EvidenceFolder, name: string, make: () => string): void {
  try {
    found.put(name, make())
  } catch (error) {
    found.missing.push(`${name}: ${titleOf(toError(error))}`)
  }
}

async function ask(control: Control, found: EvidenceFolder, signal: AbortSignal): Promise<void> {
  const { name, spec, state } = control
  if (spec.evidence === undefined) return
  if (state !== 'running') return void found.missing.push(`${name}: it is ${state}`)
  try {
    const given = await raceAbort(spec.evidence(signal), signal)
    for (const [file, text] of Object.entries(given)) attempt(found, `${name}/${file}`, () => text)
  } catch (error) {
    found.missing.push(`${name}: ${titleOf(toError(error))}`)
  }
}

function describe(control: Control): object {
  const { name, state, launch, spec, driver } = control
  const { plan } = control.lease === undefined ? { plan: undefined } : wire(control)
  const launched = plan === undefined || plan instanceof UsageError ? undefined : plan
  return {
    name,
    state,
    driver: driver.name,
    pid: launch?.handle.pid,
    version: spec.version,
    exit: launch?.exit,
    endpoints: endpointsOf(control),
    command: launched?.command,
    folder: launched?.cwd,
    variables:
      launched === undefined ? undefined : showVariables(ownOf(launched.env)).split('\n').slice(0, -1),
  }
}

/** What it was given beyond the environment of the script. */
function ownOf(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(given).filter(([name, value]) => env[name] !== value))
}

function showLog({ log }: Control): string {
  const { lines, complete } = log.remembered()
  const shown = lines.slice(-LOG_LINES)
  const before = complete && shown.length === lines.length ? '' : '… (the whole log is in logs/)\n'
  return `${before}${shown.map(({ stream, text }) => `${stream.slice(3)} ${text}\n`).join('')}`
}

function pickAllowed(): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => ALLOWED.test(name)))
}

/** The run's own processes with their commands; of all others, which may be anybody's, only the names. */
function showProcesses(): string {
  const table = listProcesses()
  const guard = currentGuard()
  const own = guard === undefined ? [] : findFamily(guard.family(), table)
  const others = table.filter(({ pid }) => !own.some((entry) => entry.pid === pid))
  const rows = [
    ...own.map((entry) => showProcess(entry, readCommand(entry.pid))),
    '',
    ...others.map((entry) => showProcess(entry, entry.name)),
  ]
  return `    pid  parent   cpu s  rss MiB  what\n${rows.join('\n')}\n`
}

function showProcess({ pid, parent, cpu, rss, zombie }: ProcessEntry, what: string): string {
  const numbers = [
    [pid, 7],
    [parent, 7],
    [cpu.toFixed(1), 7],
    [Math.round(rss / 2 ** 20), 8],
  ] as const
  const columns = numbers.map(([value, width]) => String(value).padStart(width))
  return `${columns.join(' ')}  ${what}${zombie ? ' (zombie)' : ''}`
}
