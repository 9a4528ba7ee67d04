import type { Program } from './program.ts'

/** The key under which a group carries its programs. */
export const members: unique symbol = Symbol('shakedown.members')

/** Several programs that are one service: a cluster. */
export interface Group {
  readonly [members]: readonly Program<string>[]
}

/** What can be started: a program, or several as one. */
export type Startable = Program<string> | Group

/** The programs of something that can be started. */
export function programsOf(one: Startable): readonly Program<string>[] {
  return members in one ? one[members] : [one]
}
