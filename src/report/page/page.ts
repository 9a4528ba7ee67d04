import { type Changes, compareRuns } from '../changes.ts'
import { cleanDeep } from '../clean.ts'
import { type HistoryEntry, toHistoryEntry } from '../history.ts'
import type { FileReporter } from '../rebuild.ts'
import type { RunResult } from '../result.ts'
import type { Told } from '../told.ts'
import { type Assets, readAssets } from './assets.ts'
import { buildModel } from './build.ts'
import type { Pattern } from './collect/patterns.ts'
import { type Collection, createStores } from './collect.ts'
import { renderDocument } from './document.ts'
import { findLogFiles } from './log-files.ts'
import { html, type Markup } from './markup.ts'
import type { PageModel } from './model.ts'
import { describeChanges, renderChanges } from './sections/changes.ts'
import { renderDoubt } from './sections/doubt.ts'
import { renderExplorer } from './sections/explorer.ts'
import { type FailureFacts, renderFailures } from './sections/failures.ts'
import { renderLists, renderRequirements, renderRun } from './sections/run.ts'
import { renderVerdict, verdictOf } from './sections/verdict.ts'

/** How the page of a run is made. */
export interface PageOptions {
  /** The folder of the run, where the page will be; logs in it are linked. */
  readonly folder?: string | undefined
  /** Earlier runs, to compare with. */
  readonly history?: readonly HistoryEntry[] | undefined
  /** Bytes that the page has at most; log lines are left out until it fits. */
  readonly most?: number | undefined
}

const MOST_BYTES = 10_000_000
const FEWEST_LINES = 500

/** What is made of a run: the page, and what later runs compare themselves with. */
export interface PageReporter extends FileReporter {
  /** The run as an entry of the history. */
  entry(told: Told): HistoryEntry
}

/** `report.html`: the whole run as one file that opens from disk. Memory is bounded, however many events there are. */
export function createPage(options: PageOptions = {}): PageReporter {
  const { hear, ...stores } = createStores()
  return {
    hear,
    text: ({ result }) => renderPage({ ...stores, result }, options),
    entry: ({ result }) => entryOf({ ...stores, result }),
  }
}

function entryOf({ result, patterns, versions }: Collection): HistoryEntry {
  const ids = patterns.patterns.map(({ id }) => id)
  return { ...toHistoryEntry(result), versions: versions.versions, patterns: ids }
}

async function renderPage(collection: Collection, options: PageOptions): Promise<string> {
  const { folder, most = MOST_BYTES, history = [] } = options
  const [assets, logFileOf] = await Promise.all([readAssets(), findLogFiles(folder)])
  const entry = cleanDeep(entryOf(collection))
  const changes = cleanDeep(compareRuns(entry, history))
  let lines = collection.lines.kept
  for (;;) {
    const model = buildModel(collection, { logFileOf, lines })
    const text = await renderOnce(collection, { model, assets, changes, entry })
    const size = Buffer.byteLength(text)
    if (size <= most || lines <= FEWEST_LINES) return text
    lines = Math.max(FEWEST_LINES, Math.floor((lines * most) / size / 1.2))
  }
}

interface Parts {
  readonly model: PageModel
  readonly assets: Assets
  readonly changes: Changes
  readonly entry: HistoryEntry
}

async function renderOnce(collection: Collection, parts: Parts): Promise<string> {
  const { model, assets } = parts
  const result = cleanDeep(collection.result)
  const { word, sentence } = verdictOf(result)
  return renderDocument({
    title: `${word}: ${sentence}`,
    body: await renderBody(
      result,
      { ...parts, patterns: cleanDeep(collection.patterns.patterns) },
      factsOf(collection, model),
    ),
    model,
    assets,
  })
}

function factsOf({ result, kept }: Collection, { scripts }: PageModel): FailureFacts {
  return {
    keyOf({ part }) {
      const script = scripts[result.scripts.findIndex(({ file }) => file === part?.script)]
      return part === undefined || script === undefined ? undefined : `${script.name}:${part.id}`
    },
    keptOf: ({ part }) => (part === undefined ? undefined : cleanDeep(kept.keptOf(part))),
  }
}

async function renderBody(
  result: RunResult,
  { model, changes, entry, patterns }: Parts & { readonly patterns: readonly Pattern[] },
  about: FailureFacts,
): Promise<Markup> {
  const omitted =
    model.omitted.length === 0
      ? undefined
      : `Left out of this page, and in events.ndjson: ${model.omitted.join(', ')}.`
  return html`${renderVerdict(result, describeChanges(changes))}
<main>${await renderFailures(result, about)}
${renderExplorer()}
<div class="sheets">
${renderChanges(changes, entry, patterns)}
${renderRequirements(result)}
${renderDoubt(result.doubted)}
${renderLists(result)}
${renderRun(result, entry.versions)}
${omitted !== undefined && html`<p class="aside">${omitted}</p>`}</div></main>`
}
