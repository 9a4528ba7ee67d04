type Texts = Readonly<Record<string, string>>

/** What happens to services: a life is starting, started, ready, stopping, exit, stopped. */
export interface ServiceKinds {
  'service:starting': {
    service: string
    driver: string
    command: readonly string[]
    after: readonly string[]
  }
  'service:started': { service: string; pid?: number | undefined; endpoints: Texts }
  'service:ready': {
    service: string
    milliseconds: number
    endpoints: Texts
    version?: string | undefined
    looks: number
    /** Where it already ran, so that it was only waited for. */
    elsewhere?: string | undefined
    /** Whether `shakedown watch` had kept it, or why not. */
    kept?: string | undefined
  }
  'service:signal': { service: string; signal: string; at?: string | undefined }
  'service:exit': { service: string; code: number | null; signal: string | null; expected: boolean }
  'service:stopping': { service: string; signal: string }
  'service:stopped': {
    service: string
    milliseconds: number
    forced: boolean
    swept: readonly number[]
    /** It was not stopped, but let go: how it goes on without this run. */
    goesOn?: string | undefined
  }
  /** A line that a service printed, already cleaned of secrets. */
  log: { service: string; stream: 'stdout' | 'stderr'; line: string }
}
