import { join } from 'node:path'
import { settleWithin } from '../../src/wait/settle.ts'
import { launch } from './command.ts'
import { chooseVictims, type Kind, signalOf } from './kinds.ts'
import { measureSlowdown } from './reference.ts'
import { forgetRest, kill, killAtOnce, lookAtRest } from './rest.ts'
import { judgeStory, readStory } from './story.ts'
import type { World } from './world.ts'

/** What is run, and what is done to it at which moment. */
export interface Strike {
  readonly kind: Kind
  /** Milliseconds after its start. */
  readonly after: number
  /** The words of the command. */
  readonly command: readonly string[]
  /** A further run, after everything of the first one was killed. */
  readonly next: readonly string[]
  /** How long is looked before what is there counts as left, in milliseconds. */
  readonly patience?: number
}

/** How that went. Times in milliseconds. */
export interface Blow {
  readonly strike: Strike
  /** It had ended by itself before. */
  readonly tooLate: boolean
  readonly code: number | null
  /** Until no process of it was left: from the signal on for SIGKILL, from its end on for the others. */
  readonly goneAfter: number
  /** Processes that had outlived the runner, be it by a moment. */
  readonly outlived: readonly string[]
  /** Until its files and sockets were gone, too. */
  readonly cleanAfter: number
  /** How many times slower than at rest the machine was, right afterwards. */
  readonly slowdown: number
  /** Everything that is not as promised. */
  readonly wrong: readonly string[]
}

/** Runs the command, strikes it, and looks at what is left with nothing but the kernel's own lists. */
export async function strike(world: World, what: Strike): Promise<Blow> {
  const { kind, after, command, next, patience } = what
  const { child, exited, output } = launch(world, command)
  await settleWithin(exited, after)
  const tooLate = child.exitCode !== null || child.signalCode !== null
  const victims = tooLate ? [] : chooseVictims(kind, child.pid ?? 0, world.pids())
  const struck = performance.now()
  if (kind === 'all') killAtOnce(victims)
  else for (const pid of victims) kill(pid, signalOf(kind))
  await exited
  const began = kind === 'kill' ? struck : performance.now()
  if (kind === 'all') await launch(world, next).exited
  const rest = await lookAtRest(world, patience)
  const { exitCode: code, signalCode: signal } = child
  const end = { kind, code, signal, tooLate, output: await output }
  const wrong = [...rest.wrong, ...judgeStory(readStory(join(world.folder, 'results')), end)]
  forgetRest(world)
  return {
    strike: what,
    tooLate,
    code,
    goneAfter: rest.gone - began,
    outlived: rest.first,
    cleanAfter: rest.clean - began,
    slowdown: await measureSlowdown(),
    wrong,
  }
}
