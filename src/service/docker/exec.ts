import { Failure } from '../../error.ts'
import type { Output } from '../../shell/run.ts'
import { raceAbort } from '../../wait/poll.ts'
import { ask, saidBy, upgrade } from './engine.ts'
import { createFrameReader } from './frames.ts'

/** Runs a command in a container that runs: in its folder, with its environment, as its user. It ends with the container at the latest. */
export async function execInside(
  path: string,
  words: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Output> {
  signal?.throwIfAborted()
  const asked = { AttachStdout: true, AttachStderr: true, Cmd: words }
  const made = await ask({ method: 'POST', path: `${path}/exec`, body: asked })
  const id = /"Id":"(\w+)"/.exec(JSON.stringify(made.body))?.[1]
  if (made.status !== 201 || id === undefined)
    throw new Failure(`the engine runs no command there: ${saidBy(made.body)}`)
  const output = { stdout: '', stderr: '' }
  const { socket, head } = await upgrade({
    method: 'POST',
    path: `/exec/${id}/start`,
    body: { Detach: false },
  })
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  const read = createFrameReader((stream, chunk) => {
    output[stream] += decoders[stream].decode(chunk, { stream: true })
  })
  read(head)
  socket.on('data', read)
  const closed = new Promise<void>((settle) => {
    socket.on('error', () => {
      // 'close' follows.
    })
    socket.on('close', () => settle())
  })
  await (signal === undefined ? closed : raceAbort(closed, signal)).finally(() => socket.destroy())
  const { body } = await ask({ path: `/exec/${id}/json` })
  const code = /"ExitCode":(\d+)/.exec(JSON.stringify(body))?.[1]
  return { code: Number(code ?? 1), ...output }
}
