import { run } from 'node:test'
import { toError } from '../../src/error.ts'

/** How one test file ended. `problems` are whole stories, `skips` a line each with the reason. */
export interface FileResult {
  readonly file: string
  readonly passed: number
  readonly problems: readonly string[]
  readonly skips: readonly string[]
  /** The requirements that the names of its tests say they prove, with how those tests ended. */
  readonly proofs: readonly Proof[]
  readonly milliseconds: number
}

/** A test whose name ends with the ids of requirements: `a holder is ended (GUN-110, GUN-111)`. */
export interface Proof {
  readonly ids: readonly string[]
  readonly test: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly reason?: string
}

/** How one file is run: where, how long at most, and only the tests whose name fits. */
export interface FileOptions {
  readonly root: string
  /** Milliseconds after which a file that has not ended is ended. */
  readonly within: number
  readonly pattern: string | undefined
  readonly signal: AbortSignal
}

interface Tally {
  passed: number
  readonly problems: string[]
  readonly skips: string[]
  readonly output: string[]
  readonly proofs: Proof[]
}

type Event = { readonly type: string; readonly data?: unknown }
type TestEvent = {
  readonly name: string
  readonly nesting: number
  readonly line?: number
  readonly skip?: string | boolean
  readonly todo?: string | boolean
  readonly details: { readonly type?: string; readonly error?: Error }
}

const OUTSIDE = 'it failed outside of its tests'

/** Runs one test file in a process of its own. A file in which no test ran, or that does not end, is a failure. */
export async function runFile(file: string, options: FileOptions): Promise<FileResult> {
  const started = performance.now()
  const tally: Tally = { passed: 0, problems: [], skips: [], output: [], proofs: [] }
  const deadline = AbortSignal.timeout(options.within)
  const stream = run({
    files: [file],
    cwd: options.root,
    signal: AbortSignal.any([deadline, options.signal]),
    ...(options.pattern === undefined ? {} : { testNamePatterns: options.pattern }),
  })
  for await (const event of stream) record(event, file, tally)
  if (deadline.aborted) {
    if (tally.problems.at(-1) === OUTSIDE) tally.problems.pop()
    tally.problems.push(
      `it did not end within ${options.within / 1000}s: a test hangs, or something it opened is still open`,
    )
  } else if (
    tally.passed + tally.problems.length + tally.skips.length === 0 &&
    options.pattern === undefined
  ) {
    tally.problems.push('no test ran')
  }
  const printed =
    tally.problems.length > 0 && tally.output.length > 0 ? [`output:\n${tally.output.join('')}`] : []
  const { passed, problems, skips, proofs } = tally
  return {
    file,
    passed,
    problems: [...problems, ...printed],
    skips,
    proofs,
    milliseconds: performance.now() - started,
  }
}

function record({ type, data }: Event, file: string, tally: Tally): void {
  if ((type === 'test:stderr' || type === 'test:stdout') && isOutput(data)) tally.output.push(data.message)
  if (type !== 'test:pass' && type !== 'test:fail') return
  if (!isTest(data) || data.details.type === 'suite') return
  // A file is reported like a test of its own: a failure of it counts when nothing inside it failed.
  if (data.nesting === 0 && data.name === file) {
    if (type === 'test:fail' && tally.problems.length === 0) tally.problems.push(OUTSIDE)
    return
  }
  const reason = data.skip ?? data.todo
  notePromises(data, { type, reason }, tally)
  if (reason !== undefined && reason !== false)
    tally.skips.push(`${data.name}: ${reason === true || reason === '' ? 'no reason given' : reason}`)
  else if (type === 'test:pass') tally.passed += 1
  else if (!isOfSubtests(data.details.error))
    tally.problems.push(`${data.name} (line ${data.line})\n${storyOf(data.details.error)}`)
}

function notePromises(
  { name }: TestEvent,
  ended: { type: string; reason: string | boolean | undefined },
  tally: Tally,
): void {
  const ids = name.match(/\b(?:GUN|KIT|TEL|INF|BUD|PER)-\d+\b/g)
  if (ids === null) return
  const skipped = ended.reason !== undefined && ended.reason !== false
  const outcome = ended.type === 'test:fail' ? 'failed' : skipped ? 'skipped' : 'passed'
  tally.proofs.push({ ids, test: name, outcome, ...(skipped ? { reason: String(ended.reason) } : {}) })
}

/** A test that failed only because a test inside it did: that one is reported. */
function isOfSubtests(error: Error | undefined): boolean {
  return error !== undefined && Reflect.get(error, 'failureType') === 'subtestsFailed'
}

function storyOf(error: Error | undefined): string {
  const cause = toError(error?.cause ?? error ?? 'it failed without saying why')
  const lines = (cause.stack ?? cause.message).split('\n')
  return lines.filter((line) => !/^\s+at .*\(?node:/.test(line)).join('\n')
}

function isOutput(data: unknown): data is { readonly message: string } {
  return typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string'
}

function isTest(data: unknown): data is TestEvent {
  return typeof data === 'object' && data !== null && 'name' in data && 'nesting' in data && 'details' in data
}
