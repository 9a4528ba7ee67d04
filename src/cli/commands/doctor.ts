import { describeDiagnoses, describeLimits, diagnose, isFit } from '../../run/doctor.ts'
import { EXIT } from '../../run/exit.ts'
import { findExecutable } from '../../run/packages.ts'
import { type Command, HELP, print } from '../command.ts'
import type { Given } from '../flags.ts'
import { requiredBy } from '../required.ts'

/** `shakedown doctor`: what is on this machine. */
export const command: Command = {
  usage: 'doctor [scripts, folders, globs…]',
  about: `Says which programs are there, which version, and how to get what is missing, in the words of this system. Those that a
scenario of the scripts requires are needed: where one is missing it exits 3.`,
  takesScripts: true,
  flags: HELP,
  examples: [['shakedown doctor', 'for everything below e2e/']],
  run,
}

async function run(given: Given): Promise<number> {
  const required = requiredBy(given.words)
  const diagnoses = await diagnose({}, required)
  const known = new Set(diagnoses.map(({ state }) => state.name))
  const others = [...required].filter((name) => !known.has(name))
  print(`ok       ${'node'.padEnd(15)} ${process.versions.node.padEnd(9)} ${process.execPath}`)
  print(describeDiagnoses(diagnoses))
  for (const name of others) print(describeCommand(name))
  print(`\nwhat cannot be promised on this system:\n${describeLimits()}`)
  const areThere = others.every((name) => findExecutable(name) !== undefined)
  return isFit(diagnoses) && areThere ? EXIT.passed : EXIT.preflight
}

/** A command that is not in the table of components: nobody knows its package. */
function describeCommand(name: string): string {
  const path = findExecutable(name)
  return path === undefined
    ? `missing  ${name.padEnd(15)} is not on the PATH`
    : `ok       ${name.padEnd(15)} ${' '.repeat(9)} ${path} (PATH)`
}
