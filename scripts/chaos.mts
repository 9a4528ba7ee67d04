#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Ends real runs at random moments and looks, with nothing but the kernel's own lists, at what is left. See --help.
import { join } from 'node:path'
import type { Given } from '../src/cli/flags.ts'
import { UsageError } from '../src/error.ts'
import { onInterrupt } from '../src/interrupt.ts'
import { didYouMean } from '../src/nearest.ts'
import { type Chaos, runChaos } from './chaos/chaos.ts'
import { isKind, KINDS, type Kind } from './chaos/kinds.ts'
import { describeBlow, summarise } from './chaos/table.ts'
import { readNumber, runMain } from './main.ts'

const ROOT = join(import.meta.dirname, '..')
const MAIN_JOB = [join(ROOT, 'system_test.mts'), '--quick']
/** A small run, which says what it found of a dead one and starts anew. */
const NEXT = [process.execPath, join(ROOT, 'fixtures/programs/runs_services.mts'), 'exit', '1']

await runMain(
  {
    usage: 'scripts/chaos.mts [flags] [-- command...]',
    about: `Ends real runs at random moments and looks, with nothing but the kernel's own lists, at what is left. Without a command
it is the main job in quick mode. Exit code 1 when anything is left or late.`,
    flags: {
      times: { value: 'N', about: 'so many of each kind (10)' },
      kind: { value: 'KINDS', about: `how, joined with commas: ${KINDS.join(', ')} (kill,int,term)` },
      seed: { value: 'N', about: 'the same moments again' },
      jobs: { value: 'N', about: 'so many at a time (1)' },
    },
    takesWords: true,
  },
  main,
)

async function main(given: Given): Promise<number> {
  const chaos = readArguments(given)
  const controller = new AbortController()
  const done = Promise.withResolvers<void>()
  const forget = onInterrupt(async () => {
    controller.abort()
    await done.promise
  })
  say(`${chaos.times} of each of ${chaos.kinds.join(', ')}; again: --seed ${chaos.seed}`)
  const told = { ...chaos, signal: controller.signal, tell: say }
  const blows = await runChaos(told, (blow) => say(describeBlow(blow)))
  const { lines, good } = summarise(blows)
  for (const line of lines) say(line)
  forget()
  done.resolve()
  return good && !controller.signal.aborted ? 0 : 1
}

function readArguments(given: Given): Omit<Chaos, 'signal' | 'tell'> {
  return {
    times: readNumber(given, 'times', 10),
    kinds: (given.value('kind') ?? 'kill,int,term').split(',').map(readKind),
    seed: readNumber(given, 'seed', 1 + (Date.now() % 1_000_000)),
    jobs: readNumber(given, 'jobs', 1),
    command: given.words.length === 0 ? MAIN_JOB : given.words,
    next: NEXT,
  }
}

function readKind(text: string): Kind {
  if (isKind(text)) return text
  throw new UsageError(`unknown kind: ${text}`, { hint: didYouMean(text, KINDS) })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
