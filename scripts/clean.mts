#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Ends what dead runs have left running, and removes what this project made here. See --help.
import { glob, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cleanUp } from '../src/cli/clean.ts'
import { removeBuiltImages } from '../src/service/docker/cached.ts'
import { runMain } from './main.ts'

const MADE = ['results', 'dist', 'shakedown-*.tgz']
const INSTALLED = ['.venv', '.shakedown', 'node_modules']
const root = join(import.meta.dirname, '..')

await runMain(
  {
    usage: 'scripts/clean.mts [--all] [--images]',
    about: `Ends what dead runs have left running, by the ledgers that they wrote, and removes what this project made here: results,
dist, packed tarballs.`,
    flags: {
      all: { about: 'also what was installed into this folder: .venv, .shakedown, node_modules' },
      images: { about: 'also the Docker images that were built for runs, which are kept as a cache' },
    },
  },
  async (given) => {
    const code = await cleanUp(say)
    for (const pattern of [...MADE, ...(given.has('all') ? INSTALLED : [])]) await remove(pattern)
    if (given.has('images')) for (const name of await removeBuiltImages()) say(`removed the image ${name}`)
    return code
  },
)

async function remove(pattern: string): Promise<void> {
  for await (const name of glob(pattern, { cwd: root })) {
    await rm(join(root, name), { recursive: true, force: true })
    say(`removed ${name}`)
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
