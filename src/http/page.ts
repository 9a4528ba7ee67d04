import { Failure } from '../error.ts'
import { type Reference, render } from '../reference.ts'
import { send } from './send.ts'

/** The text of a page as it is now; rejects with a Failure where there is no answer, or another one than 200. */
export async function fetchPage(url: Reference<string>, signal: AbortSignal): Promise<string> {
  const target = render(url)
  const { status, text } = await send(
    { method: 'GET', url: target, headers: { 'user-agent': 'shakedown' } },
    signal,
  )
  if (status !== 200) throw new Failure(`${status} from ${target}`)
  return text
}
