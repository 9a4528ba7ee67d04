import { connect } from 'node:net'
import { Failure, PreflightError } from '../../error.ts'
import type { Exit } from '../driver.ts'
import type { Stream } from '../log.ts'
import { hear, type Question, type Said, say } from './wire.ts'

/** What a service does by itself, for whoever uses it. */
export interface Listener {
  write(stream: Stream, chunk: Uint8Array): void
  end(stream: Stream): void
  exit(exit: Exit): void
}

/** A line to the keeper, for one service. */
export interface Line {
  /** The answer; rejects as the keeper did, or with a Failure where it is gone. */
  ask(question: Question): Promise<unknown>
  /** Says who hears what the service does from now on. */
  listener: Listener | undefined
  close(): void
}

/** Calls the keeper. A line that nobody waits on keeps no process alive. */
export function callKeeper(path: string): Line {
  const socket = connect(path)
  const waiting: PromiseWithResolvers<unknown>[] = []
  const settle = (act: (first: PromiseWithResolvers<unknown>) => void) => {
    const first = waiting.shift()
    if (first !== undefined) act(first)
    if (waiting.length === 0) socket.unref()
  }
  const line: Line = {
    listener: undefined,
    ask(question) {
      const asked = Promise.withResolvers<unknown>()
      if (socket.destroyed) asked.reject(tellGone())
      else {
        waiting.push(asked)
        socket.ref()
        say(socket, question)
      }
      return asked.promise
    },
    close() {
      line.listener = undefined
      socket.end()
    },
  }
  hear<Said>(socket, (said) => {
    if ('answer' in said) settle(({ resolve }) => resolve(said.answer))
    else if ('error' in said) settle(({ reject }) => reject(toFailure(said.error)))
    else if ('chunk' in said) line.listener?.write(said.stream, Buffer.from(said.chunk, 'base64'))
    else if ('end' in said) line.listener?.end(said.end)
    else line.listener?.exit(said.exit)
  })
  socket.on('error', () => {
    // 'close' follows.
  })
  socket.on('close', () => {
    for (const { reject } of waiting.splice(0)) reject(tellGone())
    // Its watchdog ends what it kept.
    line.listener?.exit({ code: null, signal: 'SIGKILL', reason: 'the watch that kept it has ended' })
  })
  return line
}

function toFailure({
  title,
  story,
  isPreflight,
}: Extract<Said, { error: unknown }>['error']): Failure | PreflightError {
  return isPreflight ? new PreflightError(title, story) : new Failure(title, story)
}

function tellGone(): Failure {
  return new Failure('the watch that keeps services warm has ended')
}
