import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { PackageManager } from './component-packages.ts'
import { type Component, PACKAGE_MANAGERS } from './components.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where packages put programs that the PATH of an ordinary user may lack (nginx is in `/usr/sbin` on Debian). */
const FURTHER_FOLDERS = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/opt/homebrew/bin']

/** The package manager of this machine, or undefined where there is none that the project knows. */
export function detectPackageManager(env: Environment = process.env): PackageManager | undefined {
  const onLinux = ['apt', 'dnf', 'apk'] as const
  const candidates = { linux: onLinux, darwin: ['brew'] as const, win32: ['choco', 'winget'] as const }
  const known = Object.entries(candidates).find(([platform]) => platform === process.platform)?.[1] ?? []
  return known.find((manager) => findExecutable(PACKAGE_MANAGERS[manager].binary, env) !== undefined)
}

/** The command that installs these packages, as its words. */
export function installCommand(manager: PackageManager, packages: readonly string[]): readonly string[] {
  const { binary, install } = PACKAGE_MANAGERS[manager]
  return [binary, ...install, ...packages]
}

/** How a person gets this component on this machine, as one command or one address. */
export function howToGet(component: Component, env: Environment = process.env): string {
  if (component.requirements !== undefined) {
    const python = process.platform === 'win32' ? '.venv\\Scripts\\python' : '.venv/bin/python'
    return `python3 -m venv .venv && ${python} -m pip install -r ${component.requirements}`
  }
  const manager = detectPackageManager(env)
  const packages = manager === undefined ? undefined : component.packages[manager]
  if (manager === undefined || packages === undefined || typeof packages === 'string') {
    return `get it from ${component.download} and set ${component.variable} to the program`
  }
  return [...(needsSudo(manager) ? ['sudo'] : []), ...installCommand(manager, packages)].join(' ')
}

/** How a person starts this component as a service of this machine; undefined where no package brings one. */
export function howToStart(component: Component, env: Environment = process.env): string | undefined {
  const manager = detectPackageManager(env)
  const command = manager === undefined ? undefined : component.daemon?.[manager]
  if (manager === undefined || command === undefined) return undefined
  return `${needsSudo(manager) ? 'sudo ' : ''}${command}`
}

/** The full path of a program: a path as it is, a name as the PATH (and the usual folders) have it; undefined when it is not there. */
export function findExecutable(program: string, env: Environment = process.env): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : ['']
  const isPath = program.includes('/') || program.includes('\\')
  const folders = isPath
    ? ['']
    : [...(env['PATH'] ?? '').split(delimiter).filter(Boolean), ...FURTHER_FOLDERS]
  for (const folder of folders) {
    for (const ending of endings) {
      const file = folder === '' ? `${program}${ending}` : join(folder, `${program}${ending}`)
      if (isExecutable(file)) return file
    }
  }
  return undefined
}

function needsSudo(manager: PackageManager): boolean {
  return PACKAGE_MANAGERS[manager].asRoot && process.getuid?.() !== 0
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false // not there, or not ours to run: either way it cannot be started
  }
}
