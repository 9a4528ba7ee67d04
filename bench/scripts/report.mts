// Reads an event log, and makes all reports of it when it is asked to; prints what that cost.
import { createPage } from '../../src/report/page/page.ts'
import { readEvents } from '../../src/report/read.ts'
import { rebuildReports } from '../../src/report/rebuild.ts'

const [what = '', log = ''] = process.argv.slice(2)
const began = performance.now()
const events = readEvents(log)
const page = what === 'reports' ? await render() : await readOnly()
const seconds = (performance.now() - began) / 1000
const memory = Math.round(process.resourceUsage().maxRSS / 1024)
const { user, system } = process.cpuUsage()
const processor = (user + system) / 1e6
const megabytes = (page.length / 1e6).toFixed(1)
process.stdout.write(`${JSON.stringify({ seconds, processor, memory, megabytes })}\n`)

async function render(): Promise<string> {
  const reports = await rebuildReports(events, { 'report.html': createPage() })
  return reports.get('report.html') ?? ''
}

async function readOnly(): Promise<string> {
  let last = ''
  for await (const { kind } of events) last = kind
  if (last === '') throw new Error(`no events in ${log}`)
  return ''
}
