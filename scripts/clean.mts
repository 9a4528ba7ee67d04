#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Ends what runs of this project have left running, by the ledger that they wrote, and removes what the project made:
// results, dist, packed tarballs. With --all also what was installed into the folder: .venv, .shakedown, node_modules.
import { existsSync } from 'node:fs'
import { glob, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const MADE = ['results', 'dist', 'shakedown-*.tgz']
const INSTALLED = ['.venv', '.shakedown', 'node_modules']
const root = join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { all: { type: 'boolean', default: false } } })

await endLeftovers()
for (const pattern of [...MADE, ...(values.all ? INSTALLED : [])]) await remove(pattern)

async function endLeftovers(): Promise<void> {
  const file = join(root, 'src', 'service', 'leftovers.ts')
  if (!existsSync(file)) return
  const { cleanDeadRuns } = await import(file)
  for (const ended of (await cleanDeadRuns()) ?? []) say(`ended ${ended}`)
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
