import type { Reading } from '../wait/reading.ts'
import { control } from './control.ts'
import { dismantleAll } from './dismantle.ts'
import { type Group, members } from './members.ts'
import type { Program } from './program.ts'
import { startAll } from './start.ts'

/** What several programs that are one service can do as one. */
export interface GroupVerbs extends Group, AsyncDisposable {
  readonly name: string
  readonly logs: {
    /** The lines of all of them that match, one member after the other. */
    lines(pattern: RegExp): Reading<readonly string[]>
  }
  /** Starts all of them; later, those that do not run. */
  start(): Promise<void>
  stop(signal?: NodeJS.Signals): Promise<void>
  kill(): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  restart(): Promise<void>
}

/** Makes one service of several programs. `start(group)` starts all of them. */
export function createGroup(name: string, programs: readonly Program<string>[]): GroupVerbs {
  const controls = programs.map((program) => program[control])
  const isDown = (program: Program<string>) => ['stopped', 'dead'].includes(program[control].state)
  const each = async (some: readonly Program<string>[], act: (program: Program<string>) => Promise<void>) => {
    const ends = await Promise.allSettled(some.map(act))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
  const startThem = () =>
    controls.every(({ state }) => state === 'new')
      ? startAll(controls)
      : each(programs.filter(isDown), (program) => program.start())
  const stopThem = (signal?: NodeJS.Signals) =>
    each(
      programs.filter((program) => !isDown(program)),
      (program) => program.stop(signal),
    )
  return {
    [members]: programs,
    name,
    logs: { lines: (pattern) => joinLines(name, pattern, programs) },
    start: startThem,
    stop: stopThem,
    kill: () => each(programs, (program) => program.kill()),
    pause: () => each(programs, (program) => program.pause()),
    resume: () => each(programs, (program) => program.resume()),
    async restart() {
      await stopThem()
      await startThem()
    },
    async [Symbol.asyncDispose]() {
      const ends = await Promise.allSettled(dismantleAll(controls).values())
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    },
  }
}

function joinLines(
  name: string,
  pattern: RegExp,
  programs: readonly Program<string>[],
): Reading<readonly string[]> {
  const lines = programs.map(({ logs }) => logs.lines(pattern))
  const phrasing = lines[0]?.phrasing
  return {
    describe: `lines of ${name} that match ${pattern}`,
    about: programs.map((program) => program[control]),
    ...(phrasing === undefined ? {} : { phrasing }),
    read: async (signal) => (await Promise.all(lines.map((one) => one.read(signal)))).flat(),
  }
}
