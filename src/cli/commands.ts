import type { Command } from './command.ts'

/** A command as the overview knows it. */
export interface Entry {
  readonly about: string
  load(): Promise<{ readonly command: Command }>
  /** What must be done before it is loaded, with what was typed behind it. */
  before?(args: readonly string[]): Promise<void>
}

/** Every command, in the order of --help. Each is loaded when it is asked for. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
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
  watch: {
    about: 'run again what a saved file touches',
    load: () => import('./commands/watch.ts'),
  },
  list: {
    about: 'scripts, scenarios, tags, and what they need; starts nothing',
    load: () => import('./commands/list.ts'),
  },
  rerun: {
    about: 'run again what failed in a run',
    load: () => import('./commands/rerun.ts'),
    before: async (args) => (await import('./adopt-mode.ts')).adoptModeOfRun(args),
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
  completion: {
    about: 'what bash or zsh needs to complete all of this',
    load: () => import('./commands/completion.ts'),
  },
}
