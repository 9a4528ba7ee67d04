import type { Event } from '../../../event.ts'

/** What was kept of scenarios that failed, before their services were stopped. */
export interface KeptStore {
  hear(event: Event): void
  /** What was kept of that scenario. */
  keptOf(part: { readonly script: string; readonly id: string }): Kept | undefined
}

/** A folder relative to that of the run, and files in it. */
export interface Kept {
  readonly folder: string
  readonly files: readonly string[]
}

const MOST = 200

/** Remembers paths only. */
export function createKeptStore(): KeptStore {
  const kept = new Map<string, Kept>()
  return {
    hear(event) {
      if (event.kind !== 'evidence' || kept.size >= MOST) return
      // The folder may be told from anywhere; where it is in the results is always the same.
      const [, name = ''] = /(?:^|[\\/])evidence[\\/](.+)$/.exec(event.folder) ?? []
      const folder = `evidence/${name.replaceAll('\\', '/')}`
      if (name !== '') kept.set(`${event.script}\n${event.scenario}`, { folder, files: event.files })
    },
    keptOf: ({ script, id }) => kept.get(`${script}\n${id.split('.')[0]}`),
  }
}
