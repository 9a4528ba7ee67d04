#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Installs what the main job needs and what is missing, says what, and starts no daemon. Run again, it does nothing.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PreflightError, ShakedownError, toError } from '../src/error.ts'
import { COMPONENTS, type Component } from '../src/run/components.ts'
import { componentNamed, findComponent, inspectComponent, type MissingComponent } from '../src/run/find.ts'
import { findPackageProblem, installPackages, markAsAgreed } from './install/node-packages.ts'
import { findPythonProblem, installPython, type Wanted, wantedPython } from './install/python.ts'

const HELP = `usage: scripts/install.mts [--all] [--offline] [COMPONENT...]

  COMPONENT   only these (${COMPONENTS.map((component) => component.name).join(', ')})
  --all       also what only the examples, the benchmarks and work on the project need
  --offline   installs nothing; says what is missing, and exits 3 when something is

  EXPORTER=0.2.3 or EXPORTER=../my-checkout: another exporter, in a virtual environment of its own
`

type Problem = { readonly missing: string; readonly hint: string }

interface Lacking {
  readonly packages: string | undefined
  readonly python: { readonly wanted: Wanted; readonly problem: string } | undefined
  readonly system: readonly MissingComponent[]
  readonly never: readonly MissingComponent[]
  readonly there: readonly string[]
}

const root = join(import.meta.dirname, '..')

try {
  await main()
} catch (error) {
  process.stderr.write(`${toError(error).message}\n`)
  process.exitCode = error instanceof ShakedownError && error.code === 'usage' ? 2 : 3
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  if (values.help) {
    say(HELP.trimEnd())
    return
  }
  const chosen = chooseComponents(positionals, values.all)
  const lacking = await look(chosen)
  const nothing =
    lacking.packages === undefined && lacking.python === undefined && lacking.system.length === 0
  if (!nothing && values.offline) throw refused(problemsOf(lacking))
  if (!nothing) await install(lacking)
  markAsAgreed(root)
  const after = nothing ? lacking : await look(chosen)
  if (after.system.length > 0) throw refused(after.system)
  for (const never of after.never) say(`not on this system: ${never.missing}`)
  say(`all dependencies installed: ${after.there.join(', ')}`)
}

function readArguments() {
  const options = {
    all: { type: 'boolean', default: false },
    offline: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  } as const
  try {
    return parseArgs({ options, allowPositionals: true })
  } catch (error) {
    throw new ShakedownError('usage', toError(error).message, {
      hint: 'scripts/install.mts --help lists the options',
    })
  }
}

function chooseComponents(names: readonly string[], all: boolean): readonly Component[] {
  if (names.length > 0) return names.map(componentNamed)
  const wanted = COMPONENTS.filter((component) => component.onlyByName === undefined)
  return wanted.filter((component) => all || component.needed === 'main job')
}

/** What there is and what is not. A complete virtual environment has its Python, so none is asked for then. */
async function look(components: readonly Component[]): Promise<Lacking> {
  const wanted = await wantedPython(root, process.env['EXPORTER'])
  const wantsPython = components.some((component) => component.requirements !== undefined)
  const problem = wantsPython && process.platform !== 'win32' ? await findPythonProblem(wanted) : undefined
  const asked = components.filter(({ name, requirements }) => {
    return requirements === undefined && !(name === 'python' && wantsPython && problem === undefined)
  })
  const states = await Promise.all(asked.map(({ name }) => inspectComponent(name, { root })))
  const missing = states.flatMap((state) => ('missing' in state ? [state] : []))
  const pins = [...wanted.pins.filter((pin) => pin.startsWith('gunicorn')), wanted.checkout ?? []].flat()
  return {
    packages: findPackageProblem(root),
    python: problem === undefined ? undefined : { wanted, problem },
    system: missing.filter((one) => one.never === undefined),
    never: components.map(({ name }) => findComponent(name)).flatMap((one) => ('never' in one ? [one] : [])),
    there: [
      ...states.flatMap((state) => ('missing' in state ? [] : `${state.name} ${state.version}`)),
      ...(wantsPython && problem === undefined ? pins : []),
    ],
  }
}

async function install(lacking: Lacking): Promise<void> {
  if (lacking.packages !== undefined) {
    say(`bringing node_modules up to date: ${lacking.packages}`)
    await installPackages(root)
  }
  const { installFromSystem } = await import('../src/cli/install/system.ts')
  const refusals = await installFromSystem(
    lacking.system.map(({ name }) => componentNamed(name)),
    say,
  )
  const ready = refusals.length === 0 || lacking.system.every(({ name }) => name !== 'python')
  const python = ready && lacking.python !== undefined ? await installPython(lacking.python.wanted, say) : []
  const left = [...refusals, ...python]
  if (left.length > 0) throw refused(left)
}

function problemsOf({ packages, system, python }: Lacking): readonly Problem[] {
  const own = [packages, python === undefined ? undefined : `${python.wanted.folder}: ${python.problem}`]
  const hint = 'make install'
  return [...system, ...own.flatMap((missing) => (missing === undefined ? [] : { missing, hint }))]
}

function refused(problems: readonly Problem[]): PreflightError {
  const title = problems.map((problem) => problem.missing).join('\n')
  return new PreflightError(title, { hint: [...new Set(problems.map((problem) => problem.hint))] })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
