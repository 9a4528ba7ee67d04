import './escaped.ts'

import { existsSync } from 'node:fs'
import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import { print, showCommand } from './command.ts'
import { COMMANDS } from './commands.ts'
import type { Config } from './config.ts'
import { adoptMode, CONFIG_FILES, configure } from './configure.ts'
import { tellErrors } from './errors.ts'
import { readFlags } from './flags.ts'
import { readVersion } from './version.ts'

/** Runs what is typed behind `shakedown`, and gives the exit code. Never rejects. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  return tellErrors(() => main(args))
}

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
  if (name === '--version') return print(await readVersion())
  if (name === '--help' || name === '-h') return print(showOverview())
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (entry === undefined)
    throw new UsageError(`unknown command: ${name}`, {
      hint: [didYouMean(name, Object.keys(COMMANDS)), 'see shakedown --help'],
    })
  const isHelp = args.includes('--help') || args.includes('-h')
  const config = isHelp ? {} : await loadConfig()
  adoptMode(args, config)
  await entry.before?.(args)
  const { command } = await entry.load()
  const given = configure(readFlags(args, command.flags), config, command)
  return given.has('help') ? print(showCommand(command)) : command.run(given)
}

/** Most projects have none: then nothing is loaded for it. */
async function loadConfig(): Promise<Config> {
  const file = CONFIG_FILES.find((name) => existsSync(name))
  if (file === undefined) return {}
  const { readConfig } = await import('./config.ts')
  return readConfig(file)
}

function showOverview(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length))
  return [
    'usage: shakedown <command> [flags]',
    '',
    ...Object.entries(COMMANDS).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`),
    '',
    'shakedown run --help has the flags of run, and so on. A script can also be run by hand: node script.mts --help',
  ].join('\n')
}
