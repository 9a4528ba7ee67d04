import type { Event } from '../../../event.ts'

/** What was kept of scenarios that failed, before their services were stopped. */
export interface KeptStore {
  hear(event: Event): void
  /** Files of that scenario, relative to the folder of the run. */
  filesOf(part: { readonly script: string; readonly id: string }): readonly string[]
}

const MOST = 200

/** Remembers paths only. */
export function createKeptStore(): KeptStore {
  const kept = new Map<string, readonly string[]>()
  return {
    hear(event) {
      if (event.kind !== 'evidence' || kept.size >= MOST) return
      // The folder may be told from anywhere; where it is in the results is always the same.
      const [, name = ''] = /(?:^|[\\/])evidence[\\/](.+)$/.exec(event.folder) ?? []
      const folder = `evidence/${name.replaceAll('\\', '/')}`
      if (name !== '')
        kept.set(
          `${event.script}\n${event.scenario}`,
          event.files.map((file) => `${folder}/${file}`),
        )
    },
    filesOf: ({ script, id }) => kept.get(`${script}\n${id.split('.')[0]}`) ?? [],
  }
}
