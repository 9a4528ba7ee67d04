import { basename, relative } from 'node:path'
import { quote } from '../shell/quote.ts'
import type { RunResult } from './result.ts'

/** The command that runs just this scenario again, as a shell understands it: what was typed, and the scenario's title. */
export function rerunCommand(result: RunResult, scenario: string): string {
  const [, program = '', ...flags] = result.command
  const file = shorten(program)
  const kept = withoutOnly(flags).map(quote)
  const [script, ...others] = result.scripts
  const byHand = others.length === 0 && script !== undefined && basename(script.file) === basename(program)
  const start = byHand ? `node ${quote(file)}` : COMMAND.test(program) ? 'npx shakedown' : nameProgram(file)
  return [start, ...kept, '--only', quote(scenario)].join(' ')
}

/** The program behind `shakedown`, wherever npm has put it. */
const COMMAND = /[\\/]node_modules[\\/](\.bin[\\/]shakedown|shakedown[\\/].*[\\/]main\.m[jt]s)$/

function nameProgram(file: string): string {
  return file.includes('/') ? quote(file) : `./${quote(file)}`
}

function shorten(program: string): string {
  const near = relative(process.cwd(), program)
  return near === '' || near.startsWith('..') ? program : near
}

function withoutOnly(flags: readonly string[]): readonly string[] {
  return flags.filter(
    (flag, index) => flag !== '--only' && flags[index - 1] !== '--only' && !flag.startsWith('--only='),
  )
}
