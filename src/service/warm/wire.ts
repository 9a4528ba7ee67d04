import type { Socket } from 'node:net'
import type { Story } from '../../error.ts'
import type { Exit, Lease } from '../driver.ts'
import type { Stream } from '../log.ts'
import type { AnySpec } from '../spec.ts'
import type { Plan } from '../wiring.ts'

/** What a script asks the keeper, one question at a time. */
export type Question =
  /** For the place of a service: of a script, by its name. */
  | {
      readonly ask: 'lease'
      readonly key: string
      readonly service: string
      readonly user: string | undefined
      /** Without a number, a free one. */
      readonly ports: readonly (readonly [name: string, fixed: number | null])[]
    }
  /** Of one that is not kept any more: its place is given back. */
  | { readonly ask: 'drop'; readonly key: string }
  | { readonly ask: 'exchange'; readonly name: string }
  /** `afresh` says why nothing that there is will do. */
  | { readonly ask: 'launch'; readonly plan: Plan; readonly stop: AnySpec['stop']; readonly afresh?: string }
  | { readonly ask: 'call'; readonly method: Method; readonly args: readonly unknown[] }
  /** Something was done to it that no reset undoes. */
  | { readonly ask: 'touch'; readonly why: string }
  /** The script needs it no more, and it may stay. */
  | { readonly ask: 'keep' }

/** What is asked of the handle that the keeper has. */
export type Method = 'signal' | 'usage' | 'children' | 'listener' | 'sweep'

/** A place as it is told. */
export type Place = Pick<Lease, 'host' | 'ports' | 'dir'>

/** How a service came to be there. */
export interface Launched {
  readonly pid: number | undefined
  readonly isKept: boolean
  /** Why it is another one than before; undefined where there was none. */
  readonly why: string | undefined
}

/** What the keeper says: answers in order, and what a service does by itself. */
export type Said =
  | { readonly answer: unknown }
  | {
      readonly error: { readonly title: string; readonly story: Story; readonly isPreflight: boolean }
    }
  | { readonly stream: Stream; readonly chunk: string }
  | { readonly end: Stream }
  | { readonly exit: Exit }

/** Sends one message. Who is gone hears nothing. */
export function say(socket: Socket, message: Question | Said): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`)
}

/** Calls with every message that comes; they are what the other end, this very program, has sent. */
export function hear<T>(socket: Socket, call: (message: T) => void): void {
  let rest = ''
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) call(JSON.parse(line))
  })
}
