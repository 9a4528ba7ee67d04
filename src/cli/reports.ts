import { appendFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from 'node:process'

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
  const page = createPage({ folder, history: await readHistory(dirname(folder)) })
  const files = { 'report.html': page }
  const reports = await rebuildReports(readEvents(join(folder, 'events.ndjson')), { files })
  await Promise.all([...reports].map(([name, text]) => writeFile(join(folder, name), text)))
  await keepHistory(dirname(folder), page.entry())
  const jobSummary = env['GITHUB_STEP_SUMMARY']
  if (jobSummary !== undefined) await appendFile(jobSummary, `${reports.get('summary.md') ?? ''}\n`)
}
