import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import { COMPONENTS, type Component } from './components.ts'
import { findExecutable, howToGet } from './packages.ts'
import { venvFolder, venvProgram } from './venv.ts'

/** Where to look: the environment, and the project's folder that has the virtual environment. */
export interface Place {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly root?: string
}

/** A program that is there. `via` says who named it: a variable, the virtual environment, or the PATH. */
export interface FoundComponent {
  readonly name: string
  readonly path: string
  readonly via: string
}

/** A program that is there, works, and is new enough. */
export interface InspectedComponent extends FoundComponent {
  readonly version: string
}

/** A program that is not there, or not good enough, and what to do about it. */
export interface MissingComponent {
  readonly name: string
  readonly missing: string
  readonly hint: string
  /** Present where this operating system cannot run it at all. */
  readonly never?: true
}

type Candidates = { readonly found: readonly FoundComponent[]; readonly missing: MissingComponent }

/** Looks for a program of the table without starting anything; throws a UsageError for a name that is not in the table. */
export function findComponent(name: string, place: Place = {}): FoundComponent | MissingComponent {
  const { found, missing } = lookFor(componentNamed(name), place)
  return found[0] ?? missing
}

/** As `findComponent`, and asks the programs that are there: the first that works and is new enough is taken. */
export async function inspectComponent(
  name: string,
  place: Place = {},
): Promise<InspectedComponent | MissingComponent> {
  const component = componentNamed(name)
  const { found, missing } = lookFor(component, place)
  let worse: MissingComponent | undefined
  for (const candidate of found) {
    const judged = await judge(component, candidate)
    if ('version' in judged) return judged
    worse ??= {
      ...judged,
      hint: `${howToGet(component, place.env)}, or set ${component.variable} to another one`,
    }
  }
  return worse ?? missing
}

/** The table's row of this name; throws a UsageError naming the nearest one. */
export function componentNamed(name: string): Component {
  const component = COMPONENTS.find((candidate) => candidate.name === name)
  if (component !== undefined) return component
  const names = COMPONENTS.map((candidate) => candidate.name)
  throw new UsageError(`unknown component: ${name}`, { hint: didYouMean(name, names) })
}

function lookFor(component: Component, place: Place): Candidates {
  const { env = process.env, root = process.cwd() } = place
  const { name, variable } = component
  const never = component.never?.[process.platform]
  if (never !== undefined) {
    const missing = `${name} cannot run here: ${never}`
    return { found: [], missing: { name, missing, hint: 'run this on Linux or macOS', never: true } }
  }
  const wanted = env[variable]
  if (wanted !== undefined && wanted !== '') return lookForWanted(component, wanted, env)
  const found: FoundComponent[] = []
  for (const binary of component.binaries) {
    const inVenv =
      component.requirements === undefined ? undefined : venvProgram(venvFolder(root, env), binary)
    const own = inVenv === undefined ? undefined : findExecutable(inVenv)
    if (own !== undefined) found.push({ name, path: own, via: 'virtual environment' })
    const path = findExecutable(binary, env)
    if (path !== undefined) found.push({ name, path, via: 'PATH' })
  }
  return {
    found,
    missing: {
      name,
      missing: `${name} is not installed (it ${component.purpose})`,
      hint: howToGet(component, env),
    },
  }
}

function lookForWanted(component: Component, wanted: string, env: Place['env']): Candidates {
  const { name, variable } = component
  const path = findExecutable(wanted, env)
  const what = existsSync(wanted) ? 'is not executable' : 'does not exist'
  const hint = `unset ${variable}, or set it to the program of ${name}`
  const missing = { name, missing: `${variable}=${wanted} ${what}`, hint }
  return { found: path === undefined ? [] : [{ name, path: resolve(path), via: variable }], missing }
}

async function judge(
  component: Component,
  found: FoundComponent,
): Promise<InspectedComponent | MissingComponent> {
  const { name, version: asked, probe } = component
  const printed = await run(found.path, asked.args)
  const version = asked.pattern.exec(printed.text)?.[1]
  const no = (missing: string) => ({ name, missing: `${found.path} ${missing}`, hint: '' })
  if (version === undefined) return no(`does not say its version: is it ${name}?`)
  if (isOlder(version, asked.minimum)) return no(`is ${version}; ${asked.minimum} or newer is needed`)
  const works = probe === undefined || (await run(found.path, probe)).ok
  return works ? { ...found, version } : no(`cannot do what is needed: ${name} ${probe.join(' ')}`)
}

/** What a program printed, on both streams. Some print their version and exit 1 (wrk): what was printed counts. */
async function run(
  program: string,
  args: readonly string[],
): Promise<{ readonly ok: boolean; readonly text: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { timeout: 60_000 })
    return { ok: true, text: `${stdout}\n${stderr}` }
  } catch (error) {
    const text = ['stdout', 'stderr'].map((stream) =>
      error instanceof Error ? Reflect.get(error, stream) : '',
    )
    return { ok: false, text: text.join('\n') }
  }
}

/** Compares dotted numbers, part by part. */
function isOlder(version: string, minimum: string): boolean {
  const [have, need] = [version.split('.').map(Number), minimum.split('.').map(Number)]
  for (const [index, part] of need.entries()) {
    const own = have[index] ?? 0
    if (own !== part) return own < part
  }
  return false
}
