import { PreflightError } from '../../error.ts'
import { COMPONENTS } from '../../run/components.ts'
import { EXIT } from '../../run/exit.ts'
import { componentNamed, inspectComponent } from '../../run/find.ts'
import { type Command, HELP, print } from '../command.ts'
import type { Given } from '../flags.ts'
import { installFromSystem } from '../install/system.ts'
import { requiredBy } from '../required.ts'

/** `shakedown install`: the programs that scripts need. */
export const command: Command = {
  usage: 'install [programs…]',
  about: `Installs what is missing of these programs with the package manager of this system, and starts no daemon; without a name
those that scenarios below e2e/ require. Known are ${COMPONENTS.map(({ name }) => name).join(', ')}.`,
  flags: { 'dry-run': { about: 'only say what is missing, and the command that installs it' }, ...HELP },
  examples: [
    ['shakedown install --dry-run', 'what would be installed for the scripts below e2e/'],
    ['shakedown install redis-server --dry-run', 'and for one program'],
  ],
  run,
}

async function run(given: Given): Promise<number> {
  const known = new Set(COMPONENTS.map(({ name }) => name))
  const names = given.words.length > 0 ? given.words : [...requiredBy([])].filter((name) => known.has(name))
  const components = names.map(componentNamed)
  const states = await Promise.all(components.map(({ name }) => inspectComponent(name)))
  const missing = states.flatMap((state) => ('missing' in state ? [state] : []))
  for (const state of states)
    if (!('missing' in state)) print(`${state.name} ${state.version} is there: ${state.path}`)
  if (states.length === 0) print('no scenario requires a program that is known here')
  if (missing.length === 0) return EXIT.passed
  if (given.has('dry-run')) {
    for (const { missing: what, hint } of missing) print(`${what}\n  ${hint}`)
    return EXIT.passed
  }
  const refusals = await installFromSystem(
    missing.map(({ name }) => componentNamed(name)),
    print,
  )
  const after = await Promise.all(missing.map(({ name }) => inspectComponent(name)))
  const left = [...refusals, ...after.flatMap((state) => ('missing' in state ? [state] : []))]
  if (left.length === 0) return EXIT.passed
  throw new PreflightError([...new Set(left.map((one) => one.missing))].join('\n'), {
    hint: [...new Set(left.map(({ hint }) => hint))],
  })
}
