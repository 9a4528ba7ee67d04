import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Event } from '../../src/event.ts'
import { createPage, type PageOptions } from '../../src/report/page/page.ts'
import { rebuildReports } from '../../src/report/rebuild.ts'
import { findComponent } from '../../src/run/find.ts'
import { poll } from '../../src/wait/poll.ts'

const found = findComponent('chromium')

/** Options of a test that needs a browser: a counted skip where there is none. */
export const needsChromium = { skip: 'path' in found ? false : `${found.missing}: ${found.hint}` }

/** What Chromium would do on its own is switched off: what is left is what the page does. */
const FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** The machine may be ten times slower. */
const PATIENCE = 60_000

/** A report in a browser, opened from disk as its readers do. */
export interface OpenReport extends AsyncDisposable {
  readonly page: Page
  /** Everything that went wrong in it, and every address that it asked for besides itself. */
  readonly complaints: readonly string[]
}

/** A browser of its own, with its own folder; gone when the tests are over. */
export interface Chromium extends AsyncDisposable {
  open(events: Iterable<Event>, options?: Opening): Promise<OpenReport>
}

/** How a report is opened. */
export interface Opening {
  readonly hash?: string
  readonly context?: BrowserContextOptions
  readonly page?: PageOptions
}

/** Starts a browser. */
export async function startChromium(): Promise<Chromium> {
  if (!('path' in found)) throw new Error(found.missing)
  const browser = await chromium.launch({ executablePath: found.path, args: [...FLAGS], timeout: PATIENCE })
  const folder = await mkdtemp(join(tmpdir(), 'shakedown-page-'))
  let count = 0
  return {
    async open(events, options = {}) {
      count += 1
      const file = join(folder, `report-${count}.html`)
      await writeFile(file, await renderReport(events, options.page))
      return openFile(browser, file, options)
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The page of these events. */
export async function renderReport(events: Iterable<Event>, options?: PageOptions): Promise<string> {
  const reports = await rebuildReports(events, { 'report.html': createPage(options) })
  return reports.get('report.html') ?? ''
}

/** Looks until there are so many of them. */
export async function untilCount(
  { page }: Pick<OpenReport, 'page'>,
  selector: string,
  isRight: number | ((count: number) => boolean),
): Promise<void> {
  const judge = typeof isRight === 'number' ? (count: number) => count === isRight : isRight
  await until(() => page.locator(selector).count(), judge)
}

/** Looks until what is read is right: what a page draws, it draws a little later. */
export async function until<T>(read: () => Promise<T>, isRight: (value: T) => boolean): Promise<void> {
  const waited = await poll(read, {
    what: 'the page to be right',
    within: PATIENCE,
    judge: (value) => ({ met: isRight(value) }),
  })
  if (waited.ended !== 'met') throw new Error(`the page did not become right: ${waited.looks.at(-1)?.saw}`)
}

async function openFile(
  browser: Browser,
  file: string,
  { hash = '', context }: Opening,
): Promise<OpenReport> {
  const own = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...context })
  const page = await own.newPage()
  page.setDefaultTimeout(PATIENCE)
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(`file://${file}`)) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(`file://${file}${hash}`)
  if (context?.javaScriptEnabled !== false) await page.waitForSelector('html[data-ready]')
  return { page, complaints, [Symbol.asyncDispose]: () => own.close() }
}
