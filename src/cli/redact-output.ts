import { redact } from '../redact.ts'

/** Hides secrets also in what the script itself prints, from now on: it may end up in a log that is kept. */
export function redactOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream)
    stream.write = (chunk: string | Uint8Array, ...more: never[]) => write(hide(chunk), ...more)
  }
}

function hide(chunk: string | Uint8Array): string | Uint8Array {
  if (typeof chunk === 'string') return redact(chunk)
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString()
  const hidden = redact(text)
  // What has no secret in it stays as it is: it need not be text.
  return hidden === text ? chunk : hidden
}
