import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { ShakedownError, toError } from '../../error.ts'
import { openGuard } from '../guard.ts'
import { drop, giveBack, type Kept, launch, lease, leave, letStay, placeOf } from './kept.ts'
import { hear, type Question, type Said, say } from './wire.ts'

/** Keeps services of scripts from one run to the next, as services of this process: they never outlive it. */
export interface Keeper {
  /** Where scripts ask it: the value of `SHAKEDOWN_KEEPER`. */
  readonly path: string
  /** Ends all that it keeps, each as its spec says. */
  close(): Promise<void>
}

/** Opens a keeper that listens in the folder of this process' own run. */
export async function openKeeper(): Promise<Keeper> {
  const all = new Map<string, Kept>()
  const path = join(openGuard().folder, 'keeper')
  const server: Server = createServer((socket) => attend(socket, all))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return {
    path,
    async close() {
      server.close()
      await Promise.all([...all.values()].map(giveBack))
    },
  }
}

function attend(socket: Socket, all: Map<string, Kept>): void {
  const its: { kept: Kept | undefined } = { kept: undefined }
  // One after the other: what is asked next may be about what is being launched.
  let busy = Promise.resolve()
  hear<Question>(socket, (question) => {
    busy = busy.then(async () => {
      try {
        say(socket, { answer: (await answer(question, { socket, all, its })) ?? null })
      } catch (error) {
        say(socket, { error: tellable(toError(error)) })
      }
    })
  })
  socket.on('error', () => {
    // 'close' follows.
  })
  socket.on('close', () => {
    busy = busy.then(() => leave(its.kept, socket))
  })
}

function tellable(error: Error): Extract<Said, { error: unknown }>['error'] {
  if (!(error instanceof ShakedownError)) return { title: error.message, story: {}, isPreflight: false }
  return { title: error.title, story: error.story, isPreflight: error.code === 'preflight' }
}

interface Asked {
  readonly socket: Socket
  readonly all: Map<string, Kept>
  readonly its: { kept: Kept | undefined }
}

async function answer(question: Question, { socket, all, its }: Asked): Promise<unknown> {
  if (question.ask === 'lease') {
    its.kept = await lease(question, all, socket)
    return its.kept === undefined ? undefined : placeOf(its.kept.lease)
  }
  if (question.ask === 'drop') return drop(question.key, all)
  const { kept } = its
  if (kept === undefined) throw new Error('nothing was leased')
  switch (question.ask) {
    case 'exchange':
      return placeOf(await kept.lease.exchange(question.name))
    case 'launch':
      return launch(kept, question)
    case 'touch':
      kept.why ??= question.why
      return undefined
    case 'keep':
      return letStay(kept)
    case 'call': {
      if (question.method === 'signal') kept.why ??= `it was sent ${question.args[0]}`
      const act: unknown = kept.handle?.[question.method]
      return typeof act === 'function' ? act(...question.args) : undefined
    }
  }
}
