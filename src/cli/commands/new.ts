import { UsageError } from '../../error.ts'
import { didYouMean } from '../../nearest.ts'
import { type Command, HELP, print } from '../command.ts'
import type { Flags, Given } from '../flags.ts'
import { nameFile, writeScenarioScript, writeServiceScript } from '../new/script.ts'
import { writeNew } from '../new/write.ts'

/** The flags that describe a program. */
export const SERVICE_FLAGS: Flags = {
  run: {
    value: 'COMMAND',
    about: "how it is started: 'memcached -p {port} -l {host}'; {dir} is a folder of its own",
  },
  http: { value: 'PATH', about: 'a path that it answers with 200, if it speaks HTTP' },
}

/** `shakedown new`: a script to begin with. */
export const command: Command = {
  usage: 'new scenario <title> | new service <name> --run <command>',
  about: `Writes a script below e2e/ that is green as it stands: for a title, against a small web server that it brings itself, or for a
program of yours. What is there already is never overwritten.`,
  flags: { ...SERVICE_FLAGS, ...HELP },
  examples: [
    ["shakedown new scenario 'a visitor logs in'", 'e2e/a_visitor_logs_in.mts'],
    ["shakedown new service node --run 'node -e setInterval(Boolean,99)'", 'e2e/node.mts'],
  ],
  run,
}

const KINDS: readonly string[] = ['scenario', 'service']

async function run(given: Given): Promise<number> {
  const [kind = '', ...names] = given.words
  if (!KINDS.includes(kind))
    throw new UsageError(kind === '' ? 'new what?' : `shakedown new ${kind}`, {
      hint: [didYouMean(kind, KINDS), 'see shakedown new --help'],
    })
  const name = names.join(' ')
  const file = `e2e/${nameFile(name)}.mts`
  const isNew = writeNew(file, textOf(kind, name, given))
  if (!isNew) throw new UsageError(`${file} is there already`, { hint: 'choose another name, or remove it' })
  return print(`next: shakedown run ${file}`)
}

function textOf(kind: string, name: string, given: Given): string {
  const command = given.value('run')
  if (kind === 'scenario') {
    if (command !== undefined)
      throw new UsageError('--run is for a service', { hint: `shakedown new service ${name}` })
    return writeScenarioScript(name)
  }
  if (command === undefined)
    throw new UsageError(`how is ${name} started?`, {
      hint: `shakedown new service ${name} --run '${name} -p {port}'`,
    })
  return writeServiceScript({ name, run: command, http: given.value('http') })
}
