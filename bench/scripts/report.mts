// Reads an event log, and makes a page of it when it is asked to; prints what that cost.
import { createPage } from '../../src/report/page/page.ts'
import { readEvents } from '../../src/report/read.ts'

const [what = '', log = ''] = process.argv.slice(2)
const began = performance.now()
const page = createPage()
let count = 0
for await (const event of readEvents(log)) {
  count += 1
  if (what === 'page') page.hear(event)
}
const text = what === 'page' ? await page.text() : ''
const seconds = (performance.now() - began) / 1000
const memory = Math.round(process.resourceUsage().maxRSS / 1024)
const { user, system } = process.cpuUsage()
const processor = (user + system) / 1e6
const megabytes = (text.length / 1e6).toFixed(1)
process.stdout.write(`${JSON.stringify({ count, seconds, processor, memory, megabytes })}\n`)
