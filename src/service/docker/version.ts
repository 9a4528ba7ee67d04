import { PreflightError } from '../../error.ts'
import { ask, engineAddress, saidBy } from './engine.ts'

/** What is known of an engine that will do. */
export interface EngineVersion {
  /** Of the engine: `26.1.5`. */
  readonly version: string
  readonly api: string
  /** Of its programs: `linux/amd64`. */
  readonly platform: string
}

/** The API of Docker 20.10, from 2020: the oldest that knows `host-gateway` and one-shot statistics. */
const OLDEST = '1.41'

const versions = new Map<string, Promise<EngineVersion>>()

/** Asks the engine, once in a process; rejects with a PreflightError where there is none, or only one that is too old. */
export function engineVersion(): Promise<EngineVersion> {
  const address = engineAddress()
  const known = versions.get(address)
  if (known !== undefined) return known
  const asked = askVersion()
  versions.set(address, asked)
  // Somebody may start it meanwhile.
  asked.catch(() => versions.delete(address))
  return asked
}

async function askVersion(): Promise<EngineVersion> {
  const { status, body } = await ask({ path: '/version' })
  const found = status === 200 ? readVersion(body) : undefined
  if (found === undefined)
    throw new PreflightError(`who answers at ${engineAddress()} is no Docker engine`, { last: saidBy(body) })
  if (isOlder(found.api, OLDEST))
    throw new PreflightError(`Docker ${found.version} is too old`, {
      expected: `20.10 or newer (API ${OLDEST})`,
      last: `API ${found.api}`,
      hint: 'see https://docs.docker.com/engine/install/',
    })
  return found
}

function readVersion(body: unknown): EngineVersion | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  if (!('Version' in body && 'ApiVersion' in body && 'Os' in body && 'Arch' in body)) return undefined
  return {
    version: String(body.Version),
    api: String(body.ApiVersion),
    platform: `${String(body.Os)}/${String(body.Arch)}`,
  }
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = than.split('.').map(Number)
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor)
}
