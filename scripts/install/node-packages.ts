import { readFileSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { $ } from '../shell.ts'

type Entry = { readonly version?: string; readonly optional?: boolean; readonly link?: boolean }

/** What of package-lock.json is not in node_modules, in words; undefined when they agree. Reads two files. */
export function findPackageProblem(root: string): string | undefined {
  const wanted = readEntries(join(root, 'package-lock.json'))
  const installed = readEntries(join(root, 'node_modules', '.package-lock.json'))
  for (const [folder, entry] of wanted) {
    if (!folder.startsWith('node_modules/') || entry.link === true) continue
    const own = installed.get(folder)
    if (own === undefined && entry.optional === true) continue // of another platform
    if (own?.version !== entry.version)
      return `${folder.slice('node_modules/'.length)} ${entry.version} is missing`
  }
  return undefined
}

/** Brings node_modules up to date through the launcher, which swaps it in one go; the old one stays when that fails. */
export async function installPackages(root: string): Promise<void> {
  const mark = join(root, 'node_modules', '.package-lock.json')
  const aside = `${mark}.old`
  renameSync(mark, aside)
  try {
    await $({ stdio: 'inherit' })`sh ${join(root, 'scripts', 'node')} --version`
  } catch (error) {
    renameSync(aside, mark)
    throw error
  }
  rmSync(aside, { force: true })
}

/** Tells the launcher that the packages were compared and agree, so that it need not mention them. */
export function markAsAgreed(root: string): void {
  const now = new Date()
  try {
    utimesSync(join(root, 'node_modules', '.package-lock.json'), now, now)
  } catch {
    // somebody else's checkout: the launcher's word stays, nothing else depends on it
  }
}

function readEntries(file: string): ReadonlyMap<string, Entry> {
  const lock: { readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(readFileSync(file, 'utf8'))
  return new Map(Object.entries(lock.packages))
}
