#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Runs the project's own tests. See --help.
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import type { Given } from '../src/cli/flags.ts'
import { type Duration, formatDuration, isDuration, milliseconds } from '../src/duration.ts'
import { UsageError } from '../src/error.ts'
import { onInterrupt } from '../src/interrupt.ts'
import { readNumber, runMain } from './main.ts'
import { type FileOptions, type FileResult, runFile } from './test/file.ts'

await runMain(
  {
    usage: 'scripts/test.mts [flags] [part of a path...]',
    about: "Runs the project's own tests: all of them, or the files whose path has one of the words in it.",
    flags: {
      name: { value: 'PATTERN', about: 'only tests whose name matches' },
      jobs: { value: 'N', about: 'so many files at a time (one a processor)' },
      within: { value: 'DURATION', about: 'how long one file may take (10m)' },
      in: { value: 'FOLDER', about: 'the project whose tests they are (this one)' },
    },
    takesWords: true,
  },
  main,
)

async function main(given: Given): Promise<number> {
  const { names, pattern, jobs, within, root } = readArguments(given)
  const files = await findFiles(names, root)
  const controller = new AbortController()
  const forget = onInterrupt(async () => controller.abort())
  const started = performance.now()
  const results = await runAll(files, jobs, { root, pattern, within, signal: controller.signal })
  forget()
  await writeProofs(root, results)
  return tellEnd(results, performance.now() - started)
}

function readArguments(given: Given) {
  const within = given.value('within') ?? '10m'
  if (!isDuration(within)) throw new UsageError(`not a duration: ${within}`, { hint: "'30s', '10m'" })
  const limit: Duration = within
  return {
    names: given.words,
    pattern: given.value('name'),
    jobs: readNumber(given, 'jobs', availableParallelism()),
    within: milliseconds(limit),
    root: resolve(given.value('in') ?? join(import.meta.dirname, '..')),
  }
}

/** The test files whose path contains one of the names, or all. Names that fit none are an error, not an empty success. */
async function findFiles(names: readonly string[], root: string): Promise<readonly string[]> {
  const all: string[] = []
  for await (const file of glob('test/**/*.test.ts', { cwd: root })) all.push(file.replaceAll('\\', '/'))
  const unknown = names.filter((name) => !all.some((file) => file.includes(name)))
  if (unknown.length > 0) throw new UsageError(`no test file has ${unknown.join(', ')} in its path`)
  return all.sort().filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
}

/** So many files at a time; each is told as soon as it ends. */
async function runAll(
  files: readonly string[],
  jobs: number,
  options: FileOptions,
): Promise<readonly FileResult[]> {
  const queue = [...files]
  const results: FileResult[] = []
  const work = async () => {
    for (let file = queue.shift(); file !== undefined && !options.signal.aborted; file = queue.shift()) {
      const result = await runFile(join(options.root, file), options)
      tellFile(file, result)
      results.push({ ...result, file })
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return results
}

/** What the tests prove of the contract, for `make contract`: a part of the tests adds to what an earlier part has shown. */
async function writeProofs(root: string, results: readonly FileResult[]): Promise<void> {
  const file = join(root, 'results', 'tests.json')
  const known: unknown = JSON.parse(await readFile(file, 'utf8').catch(() => '{}'))
  const now = Object.fromEntries(
    results.flatMap(({ file: name, proofs }) => (proofs.length === 0 ? [] : [[name, proofs]])),
  )
  await mkdir(join(root, 'results'), { recursive: true })
  await writeFile(file, JSON.stringify({ ...(known as object), ...now }, null, 1)) // why: our own file, an object of lists
}

function tellFile(file: string, result: FileResult): void {
  const { passed, problems, skips, milliseconds: took } = result
  if (passed + problems.length + skips.length === 0) return // none of its tests has the name that was asked for
  const mark = problems.length > 0 ? 'FAILED' : 'ok    '
  const skipped = skips.length > 0 ? `, ${skips.length} skipped` : ''
  say(`${mark} ${file.padEnd(48)} ${passed} passed${skipped}  ${formatDuration(took)}`)
  for (const problem of problems) say(problem.replaceAll(/^/gm, '       '))
}

/** Failures and skips again at the end, where they are looked for, then the totals; returns the exit code. */
function tellEnd(results: readonly FileResult[], took: number): number {
  const failed = results.filter((result) => result.problems.length > 0)
  const skips = results.flatMap(({ file, skips: own }) => own.map((skip) => `  ${file}: ${skip}`))
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failures = failed.reduce(
    (sum, { problems }) => sum + problems.filter((one) => !one.startsWith('output:')).length,
    0,
  )
  if (skips.length > 0) say(`\nskipped:\n${skips.join('\n')}`)
  if (failed.length > 0) say(`\nfailed: ${failed.map((result) => result.file).join(' ')}`)
  if (passed + failures === 0) say('\nno test ran')
  say(`\n${results.length} files in ${formatDuration(took)}`)
  say(`${passed} passed, ${failures} failed, ${skips.length} skipped`)
  return failures > 0 || passed === 0 ? 1 : 0
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
