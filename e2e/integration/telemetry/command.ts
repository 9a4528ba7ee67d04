import { env } from 'node:process'
import { evict, holderOf, mode, PreflightError } from 'shakedown'

/** The ports of the document. */
const DOCUMENTED = { STREAMER_PORT: 8091, GATEWAY_PORT: 8090, ETCD_PORT: 12_379 } as const

/** Makes sure of the ports that full mode wants; gives the environment of the scripts. Throws a PreflightError. */
export async function prepare(given: {
  has(flag: string): boolean
}): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  for (const [name, documented] of Object.entries(DOCUMENTED)) {
    const wanted = env[name] ?? (mode.name === 'quick' ? undefined : String(documented))
    if (wanted === undefined) continue
    found[name] = wanted
    const holder = await holderOf(Number(wanted))
    if (holder === undefined) continue
    if (given.has('force')) await evict(Number(wanted))
    else throw tellTaken(name, wanted, holder.describe)
  }
  return found
}

function tellTaken(name: string, port: string, who: string): PreflightError {
  return new PreflightError(`port ${port} (${name}) is taken by ${who}`, {
    hint: [
      'end it, or have it ended: --force',
      `or take another port: ${name}=${Number(port) + 1}`,
      'or run --quick, which takes free ports',
    ],
  })
}
