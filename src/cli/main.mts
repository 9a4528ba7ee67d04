#!/usr/bin/env node
// The command: shakedown run <scripts…>, shakedown report [run].
import './escaped.ts'

import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import { EXIT } from '../run/exit.ts'
import { COMMON_FLAGS, readTelling, TELLING_FLAGS } from './common-flags.ts'
import { tellErrors } from './errors.ts'
import { type Flags, readFlags, showFlags } from './flags.ts'
import { showReference } from './help.ts'
import { readVersion } from './version.ts'

const REPORT_FLAGS: Flags = {
  ...TELLING_FLAGS,
  help: { short: 'h', about: 'this text' },
}

const REPORT_HELP =
  'Tells a run once more from its events.ndjson, and writes its reports anew: also of one that was killed, or joined of several.'

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = { run, report }

process.exitCode = await tellErrors(() => main(process.argv.slice(2)))

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
  if (name === '--version') return print(await readVersion())
  if (name === '--help' || name === '-h') return print(showOverview())
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command !== undefined) return command(args)
  throw new UsageError(`unknown command: ${name}`, {
    hint: [didYouMean(name, Object.keys(COMMANDS)), 'see shakedown --help'],
  })
}

async function run(args: readonly string[]): Promise<number> {
  const given = readFlags(args, COMMON_FLAGS)
  if (given.has('version')) return print(await readVersion())
  if (given.has('help'))
    return print(
      `usage: shakedown run <scripts or folders…> [flags]\n\n${showFlags(COMMON_FLAGS)}\n\n${showReference()}`,
    )
  const { findScripts } = await import('./find-scripts.ts')
  const scripts = await findScripts(given.words)
  const { readLimits, runRounds } = await import('./rounds.ts')
  readLimits(given)
  if (!given.has('list')) return runRounds({ scripts, given })
  const { listScripts } = await import('./list.ts')
  return listScripts(scripts, given)
}

async function report(args: readonly string[]): Promise<number> {
  const given = readFlags(args, REPORT_FLAGS)
  if (given.has('help'))
    return print(`usage: shakedown report [run]\n\n${REPORT_HELP}\n\n${showFlags(REPORT_FLAGS)}`)
  const telling = readTelling(given)
  const { reportAgain } = await import('./report-again.ts')
  return reportAgain(given.words, telling)
}

function showOverview(): string {
  return [
    'usage: shakedown <command> [flags]',
    '',
    '  run <scripts or folders…>  run scripts side by side, each in its own process',
    '  report [run]               tell a run once more, and write its reports anew (results/latest)',
    '',
    'shakedown run --help lists its flags. A script can also be run by hand: node script.mts --help',
  ].join('\n')
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return EXIT.passed
}
