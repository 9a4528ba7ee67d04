import { ShakedownError, UsageError } from '../error.ts'
import { nearest } from '../nearest.ts'
import { COMPONENTS } from '../run/components.ts'
import { findComponent } from '../run/find.ts'
import { findExecutable } from '../run/packages.ts'

/**
 * Why the machine cannot tell a scenario that requires these, or undefined when it has them all. A name of the table of
 * components is looked for as the table says, and Docker's engine must answer; any other name is a command. A name that is
 * almost one of the table is a UsageError: it would be missing everywhere, and nobody would notice.
 */
export async function missingOf(names: readonly string[]): Promise<string | undefined> {
  const missing = names.flatMap((name) => reasonWithout(name) ?? [])
  if (missing.length === 0 && names.includes('docker')) return await reasonWithoutEngine()
  return missing.length === 0 ? undefined : missing.join('; ')
}

/** Its command may be there without an engine that runs. */
async function reasonWithoutEngine(): Promise<string | undefined> {
  const { engineVersion } = await import('../service/docker/version.ts')
  return engineVersion().then(
    () => undefined,
    (error) => (error instanceof ShakedownError ? error.title : String(error)),
  )
}

function reasonWithout(name: string): string | undefined {
  const known = COMPONENTS.map((component) => component.name)
  if (known.includes(name)) {
    const found = findComponent(name)
    return 'missing' in found ? `${found.missing}: ${found.hint}` : undefined
  }
  if (findExecutable(name) !== undefined) return undefined
  const close = nearest(name, known)
  if (close !== undefined)
    throw new UsageError(`a scenario requires ${name}, which is not known`, {
      hint: `did you mean ${close}?`,
    })
  return `${name} is not installed`
}
