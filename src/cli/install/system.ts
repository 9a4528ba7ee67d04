import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PreflightError } from '../../error.ts'
import { onInterrupt } from '../../interrupt.ts'
import type { PackageManager } from '../../run/component-packages.ts'
import { type Component, PACKAGE_MANAGERS } from '../../run/components.ts'
import { detectPackageManager, installCommand } from '../../run/packages.ts'

/** What cannot be installed without a person: one line that says why, one that says what to type. */
export interface Refusal {
  readonly missing: string
  readonly hint: string
}

/**
 * Installs what the system's package manager has of these components, saying so first. Resolves to what a person must
 * do: nothing, or the exact command that needs root. Rejects when the package manager fails.
 */
export async function installFromSystem(
  components: readonly Component[],
  say: (line: string) => void,
): Promise<readonly Refusal[]> {
  const manager = detectPackageManager()
  const refusals: Refusal[] = []
  const packages: string[] = []
  for (const component of components) {
    const own = manager === undefined ? undefined : component.packages[manager]
    if (own === undefined || typeof own === 'string') refusals.push(withoutPackage(component, manager))
    else packages.push(...own)
  }
  if (manager === undefined || packages.length === 0) return refusals
  const names = components.map((component) => `${component.name} (${component.purpose})`)
  const command = commandOf(manager, packages)
  const rights = findRights(manager)
  if (rights === undefined) return [...refusals, needsRoot(components, command)]
  say(`installing ${names.join(', ')}`)
  say(`  ${[...rights, ...command].join(' ')}`)
  await run([...rights, ...command])
  return refusals
}

/** Debian's packages start daemons, so they are installed through a script that forbids it; the others do not. */
function commandOf(manager: PackageManager, packages: readonly string[]): readonly string[] {
  if (manager === 'apt') return ['sh', join(import.meta.dirname, 'apt.sh'), ...packages]
  return installCommand(manager, packages)
}

/** The words that go before the command so that it may install, or undefined when a person must type it. */
function findRights(manager: PackageManager): readonly string[] | undefined {
  if (!PACKAGE_MANAGERS[manager].asRoot || process.getuid?.() === 0) return []
  const { status } = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
  return status === 0 ? ['sudo', '-n'] : undefined
}

function withoutPackage(component: Component, manager: PackageManager | undefined): Refusal {
  const why =
    manager === undefined
      ? 'no package manager that is known here'
      : `no package for ${manager}: ${component.packages[manager]}`
  return {
    missing: `${component.name}: ${why}`,
    hint: `get it from ${component.download} and set ${component.variable} to the program`,
  }
}

function needsRoot(components: readonly Component[], command: readonly string[]): Refusal {
  const names = components.map((component) => component.name).join(', ')
  const note = command[0] === 'sh' ? '   (apt-get install that starts no daemon)' : ''
  return { missing: `${names}: installing needs root`, hint: `sudo ${command.join(' ')}${note}` }
}

/** Runs to its end even when Ctrl-C comes: a package manager that was stopped halfway is worse than a minute more. */
async function run([program = '', ...args]: readonly string[]): Promise<void> {
  const running = spawn(program, args, { stdio: 'inherit', detached: true })
  const ended = new Promise<number | null>((resolve) => {
    running.once('error', () => resolve(null))
    running.once('close', resolve)
  })
  const forget = onInterrupt(async () => ended)
  const code = await ended
  forget()
  if (code !== 0)
    throw new PreflightError(`${program} did not install them`, {
      last: `exit code ${code}`,
      hint: 'its own words are above',
    })
}
