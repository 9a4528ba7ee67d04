import { join } from 'node:path'
import { PreflightError } from '../error.ts'
import { emit } from '../event.ts'
import { onInterrupt } from '../interrupt.ts'
import { type Claim, claimFile, type Holder, readHolder } from '../service/claim.ts'
import { makeStateFolder } from '../service/state.ts'
import { poll } from '../wait/poll.ts'

/** In milliseconds. Whoever holds it that long has a deadline of its own, or is looked at with a debugger. */
const PATIENCE = 3_600_000

type Look = { readonly claim: Claim } | { readonly holder: Holder | undefined }

/**
 * Waits until each of these is this scenario's own on this machine, among all runs of this user; the answer gives them back.
 * They come free as well when this process ends, however it ends. Stands still when it is interrupted.
 */
export async function holdExclusive(title: string, names: readonly string[]): Promise<() => void> {
  const held: Claim[] = []
  const release = () => {
    for (const claim of held.splice(0)) claim.release()
  }
  const over = new AbortController()
  const forget = onInterrupt(async () => {
    over.abort()
    release()
  }, 'stories')
  // All in one order: two that want the same two never wait for each other.
  for (const name of [...new Set(names)].sort()) held.push(await waitFor(name, title, over.signal))
  forget()
  return release
}

async function waitFor(name: string, title: string, signal: AbortSignal): Promise<Claim> {
  const file = join(makeStateFolder('exclusive'), encodeURIComponent(name))
  let told = false
  const read = async (): Promise<Look> => {
    const claim = claimFile(file, title)
    if (claim !== undefined) return { claim }
    const holder = readHolder(file)
    if (!told && holder !== undefined) tellWait({ name, title, holder })
    told ||= holder !== undefined
    return { holder }
  }
  const { value, ended } = await poll(read, {
    what: `${name}, which ${title} wants for itself`,
    within: PATIENCE,
    judge: (look) => ({ met: 'claim' in look }),
    show: (look) => ('claim' in look ? 'free' : describe(look.holder)),
    signal,
  })
  if (value !== undefined && 'claim' in value) return value.claim
  // The process is about to end.
  if (ended === 'aborted') return new Promise(() => {})
  throw new PreflightError(`${name} did not come free for ${title}`, {
    last: value === undefined ? 'nothing' : describe(value.holder),
  })
}

function tellWait({ name, title, holder }: { name: string; title: string; holder: Holder }): void {
  emit({ kind: 'note', level: 'notice', text: `${title} waits for ${name}: ${describe(holder)} holds it` })
}

function describe(holder: Holder | undefined): string {
  return holder === undefined ? 'nobody' : `process ${holder.pid} (${holder.use ?? 'another run'})`
}
