import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readEvents } from '../report/read.ts'
import { rebuildReports } from '../report/rebuild.ts'

/** Writes every report of a run into its folder, from nothing but its event log. */
export async function writeReports(folder: string): Promise<void> {
  const reports = await rebuildReports(readEvents(join(folder, 'events.ndjson')))
  await Promise.all([...reports].map(([name, text]) => writeFile(join(folder, name), text)))
}
