#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Runs every check side by side: one line each, and the whole story of those that fail. scripts/check.mts [NAME...]
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { formatDuration } from '../src/duration.ts'
import { didYouMean } from '../src/nearest.ts'
import { $ } from './shell.ts'

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)
const own = (name: string) => [process.execPath, join(import.meta.dirname, `check_${name}.mts`)]

const CHECKS: Readonly<Record<string, readonly string[]>> = {
  types: [bin('tsc'), '-p', root],
  // What runs in a browser knows a document, and nothing of Node.
  page: [bin('tsc'), '-p', join(root, 'src', 'report', 'page', 'browser')],
  lint: [bin('biome'), 'check', '--colors=off', root],
  boundaries: own('boundaries'),
  style: own('style'),
  sleeps: own('sleeps'),
  docs: own('docs'),
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !Object.hasOwn(CHECKS, name))
if (unknown === undefined) process.exitCode = (await runAll(asked)) ? 0 : 1
else {
  process.stderr.write(`unknown check: ${unknown}\n  hint      ${didYouMean(unknown, Object.keys(CHECKS))}\n`)
  process.exitCode = 2
}

async function runAll(names: readonly string[]): Promise<boolean> {
  const queue = Object.entries(CHECKS).filter(([name]) => names.length === 0 || names.includes(name))
  const count = queue.length
  let passed = 0
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      if (await runOne(...next)) passed += 1
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  process.stdout.write(
    passed === count ? `${count} checks passed\n` : `${count - passed} of ${count} checks failed\n`,
  )
  return passed === count
}

async function runOne(name: string, command: readonly string[]): Promise<boolean> {
  const started = performance.now()
  const { exitCode, stdout, stderr } = await $({ cwd: root, nothrow: true, quiet: true })`${command}`
  const took = formatDuration(performance.now() - started)
  process.stdout.write(`${exitCode === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${took}\n`)
  if (exitCode !== 0) process.stdout.write(`${stdout}${stderr}`.replaceAll(/^(?=.)/gm, '       '))
  return exitCode === 0
}
