#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Ends what dead runs have left running, by the ledgers that they wrote, and removes what this project made here: results,
// dist, packed tarballs. With --all also what was installed into this folder: .venv, .shakedown, node_modules.
import { glob, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cleanDeadRuns } from '../src/service/leftovers.ts'

const MADE = ['results', 'dist', 'shakedown-*.tgz']
const INSTALLED = ['.venv', '.shakedown', 'node_modules']
const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } })

await endLeftovers()
for (const pattern of [...MADE, ...(values.all ? INSTALLED : [])]) await remove(pattern)

/** Only of runs whose runner is gone: a run that is under way beside this one is not touched. */
async function endLeftovers(): Promise<void> {
  const { runs, ports } = await cleanDeadRuns()
  for (const { command, ended, left } of runs) {
    say(
      `of a run that had died (${command.join(' ')}): ended ${ended.join(', ') || 'nothing, it was all gone'}`,
    )
    if (left.length > 0) process.exitCode = 4
    for (const name of left) say(`  could not end ${name}`)
  }
  if (ports.length > 0) say(`released the ports ${ports.join(', ')}`)
}

async function remove(pattern: string): Promise<void> {
  for await (const name of glob(pattern, { cwd: root })) {
    await rm(join(root, name), { recursive: true, force: true })
    say(`removed ${name}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
