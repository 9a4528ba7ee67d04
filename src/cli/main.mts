#!/usr/bin/env node
// The command: shakedown <command>. Each of them is loaded when it is asked for.
import './escaped.ts'

import { UsageError } from '../error.ts'
import { didYouMean } from '../nearest.ts'
import { type Command, print, showCommand } from './command.ts'
import { readConfig } from './config.ts'
import { adoptMode, configure } from './configure.ts'
import { tellErrors } from './errors.ts'
import { readFlags } from './flags.ts'
import { readVersion } from './version.ts'

interface Entry {
  readonly about: string
  load(args: readonly string[]): Promise<{ readonly command: Command }>
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  init: {
    about: 'make this folder a project with a first system test, and run it',
    load: () => import('./commands/init.ts'),
  },
  new: {
    about: 'write a script: new scenario <title>, new service <name>',
    load: () => import('./commands/new.ts'),
  },
  run: {
    about: 'run scripts side by side, each in its own process',
    load: () => import('./commands/run.ts'),
  },
  list: {
    about: 'scripts, scenarios, tags, and what they need; starts nothing',
    load: () => import('./commands/list.ts'),
  },
  rerun: {
    about: 'run again what failed in a run',
    async load(args) {
      const { adoptModeOfRun } = await import('./adopt-mode.ts')
      await adoptModeOfRun(args)
      return import('./commands/rerun.ts')
    },
  },
  merge: {
    about: 'make one run of several shards, with every report of it',
    load: () => import('./commands/merge.ts'),
  },
  report: {
    about: 'tell a run once more, and write its reports anew',
    load: () => import('./commands/report.ts'),
  },
  show: {
    about: 'open the report of a run',
    load: () => import('./commands/show.ts'),
  },
  doctor: {
    about: 'which programs are there, which version, and how to get what is missing',
    load: () => import('./commands/doctor.ts'),
  },
  install: {
    about: 'install the programs that scripts need, and start no daemon',
    load: () => import('./commands/install.ts'),
  },
  clean: {
    about: 'end and remove what dead runs have left',
    load: () => import('./commands/clean.ts'),
  },
}

process.exitCode = await tellErrors(() => main(process.argv.slice(2)))

async function main([name = '--help', ...args]: readonly string[]): Promise<number> {
  if (name === '--version') return print(await readVersion())
  if (name === '--help' || name === '-h') return print(showOverview())
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (entry === undefined)
    throw new UsageError(`unknown command: ${name}`, {
      hint: [didYouMean(name, Object.keys(COMMANDS)), 'see shakedown --help'],
    })
  const isHelp = args.includes('--help') || args.includes('-h')
  const config = isHelp ? {} : await readConfig()
  adoptMode(args, config)
  const { command } = await entry.load(args)
  const given = configure(readFlags(args, command.flags), config, command)
  return given.has('help') ? print(showCommand(command)) : command.run(given)
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
