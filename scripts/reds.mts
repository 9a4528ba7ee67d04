#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Breaks this project on purpose, and looks whether the test that proves the row goes red and says why. See --help.
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Given } from '../src/cli/flags.ts'
import { UsageError } from '../src/error.ts'
import { onInterrupt } from '../src/interrupt.ts'
import { addSeenRed, readSeenRed, type SeenRed, writeSeenRed } from './contract/seen-red.ts'
import { runMain } from './main.ts'
import { type Break, readBreaks } from './reds/breaks.ts'
import { copyCommitted, tryBreak } from './reds/trial.ts'

await runMain(
  {
    usage: 'scripts/reds.mts [flags] [part of a row, a test or its name...]',
    about: `Breaks this project on purpose, one thing of e2e/breaks.yml at a time, in a copy of what is committed, and looks whether
the test that proves the row goes red and says why.`,
    flags: { in: { value: 'FOLDER', about: 'the project that is broken (this one)' } },
    takesWords: true,
  },
  main,
)

async function main({ value, words: parts }: Given): Promise<number> {
  const root = resolve(value('in') ?? join(import.meta.dirname, '..'))
  const all = await readBreaks(join(root, 'e2e', 'breaks.yml'))
  const breaks = all.filter(({ rows, test, name }) => {
    return parts.length === 0 || parts.some((part) => [...rows, `${test} ${name}`].join(' ').includes(part))
  })
  if (breaks.length === 0) throw new UsageError(`nothing that is broken has ${parts.join(', ')} in it`)
  const over = new AbortController()
  const work = tryAll(root, breaks, over.signal)
  const forget = onInterrupt(async () => {
    over.abort()
    await work
  })
  const noticed = await work
  forget()
  say(`\n${breaks.length} things broken, ${noticed} noticed for that reason`)
  return noticed === breaks.length ? 0 : 1
}

/** Tries each, tells each as it ends, writes down which rows were seen red, and gives how many things were noticed. */
async function tryAll(root: string, breaks: readonly Break[], signal: AbortSignal): Promise<number> {
  await using copy = await copyCommitted(root)
  const seen: SeenRed[] = []
  let noticed = 0
  for (const one of breaks) {
    const { outcome, by, text } = await tryBreak(copy.path, one, signal)
    if (signal.aborted) break
    say(`${outcome.padEnd(5)}  ${one.rows.join(' ')}  ${one.broken}`)
    if (outcome === 'red') {
      noticed += 1
      seen.push(...one.rows.map((id) => ({ id, how: `break: ${one.broken}`, by: `${by}: ${one.says}` })))
    } else say(`       ${by}\n       should say: ${one.says}\n${text.replaceAll(/^/gm, '       ')}`)
  }
  const file = join(root, 'e2e', 'seen-red.txt')
  await writeFile(file, writeSeenRed(addSeenRed(readSeenRed(await readFile(file, 'utf8')), seen)))
  return noticed
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
