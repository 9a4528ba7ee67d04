import { appendFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { HistoryEntry } from '../report/history.ts'
import type { Told } from '../report/told.ts'

/** Writes every report of a run into its folder, from nothing but its event log; in GitHub also the summary of the job. */
export async function writeReports(folder: string): Promise<void> {
  // Imported late: with their library they cost more than a short script itself.
  const [{ readEvents }, { rebuildReports }, { createPage }, { readHistory, keepHistory }] =
    await Promise.all([
      import('../report/read.ts'),
      import('../report/rebuild.ts'),
      import('../report/page/page.ts'),
      import('../report/history-file.ts'),
    ])
  const base = dirname(folder)
  const page = createPage({ folder, history: await readHistory(base) })
  // Should the page not come about, everything else still does.
  let broken: unknown
  let entry: HistoryEntry | undefined
  const text = async (told: Told) => {
    entry = page.entry(told)
    try {
      return await page.text(told)
    } catch (error) {
      broken = error
      return ''
    }
  }
  const reports = await rebuildReports(readEvents(join(folder, 'events.ndjson')), {
    'report.html': { hear: page.hear, text },
  })
  const made = [...reports].filter(([, content]) => content !== '')
  await Promise.all(made.map(([name, content]) => writeFile(join(folder, name), content)))
  if (entry !== undefined) await keepHistory(base, entry)
  const jobSummary = process.env['GITHUB_STEP_SUMMARY']
  if (jobSummary !== undefined) await appendFile(jobSummary, `${reports.get('summary.md') ?? ''}\n`)
  if (broken !== undefined) throw broken
}
