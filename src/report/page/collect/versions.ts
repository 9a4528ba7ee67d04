import type { Event } from '../../../event.ts'

/** Versions of services: what the service itself is known by, else what it printed about itself when it began. */
export interface VersionStore {
  hear(event: Event): void
  /** By service. */
  readonly versions: Readonly<Record<string, string>>
}

/** How servers say their version; the last group is the version. */
const LINES: readonly RegExp[] = [
  // Starting gunicorn 23.0.0 · starting PostgreSQL 15.8
  /\bstarting\s+[a-z][\w-]*\s+v?(\d+\.\d+(?:\.\d+)*)/i,
  // Redis version=7.0.15 · version=2.42.0 · "etcd-version":"3.4.23" · Version:  2.9.11
  /\b(?:[a-z]+-)?version["']?\s*[=:]\s*["']?v?(\d+\.\d+(?:\.\d+)*)/i,
  /\bnginx\/(\d+\.\d+(?:\.\d+)*)/,
]
/** Later lines are about what the service does. */
const FIRST_LINES = 40

/** Looks at the first lines of each service. */
export function createVersionStore(): VersionStore {
  const told: Record<string, string> = {}
  const known: Record<string, string> = {}
  const lines = new Map<string, number>()
  return {
    hear(event) {
      if (event.kind === 'service:ready' && event.version !== undefined) known[event.service] = event.version
      if (event.kind !== 'log' || Object.hasOwn(told, event.service)) return
      const count = lines.get(event.service) ?? 0
      if (count >= FIRST_LINES) return
      lines.set(event.service, count + 1)
      const version = versionIn(event.line)
      if (version !== undefined) told[event.service] = version
    },
    get versions() {
      return { ...told, ...known }
    },
  }
}

/** The version that a line tells; undefined for any other line. */
export function versionIn(line: string): string | undefined {
  for (const pattern of LINES) {
    const version = pattern.exec(line)?.at(-1)
    if (version !== undefined) return version
  }
  return undefined
}
