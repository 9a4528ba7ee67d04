#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Ends real runs at random moments and looks, with nothing but the kernel's own lists, at what is left:
// scripts/chaos.mts [--times N] [--kind kill,int,term] [--seed N] [--jobs N] [-- COMMAND...]
// Without a command it is the main job in quick mode. Exit code 1 when anything is left or late.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { tellErrors } from '../src/cli/errors.ts'
import { UsageError } from '../src/error.ts'
import { onInterrupt } from '../src/interrupt.ts'
import { didYouMean } from '../src/nearest.ts'
import { type Chaos, runChaos } from './chaos/chaos.ts'
import { isKind, KINDS, type Kind } from './chaos/kinds.ts'
import { describeBlow, summarise } from './chaos/table.ts'

const ROOT = join(import.meta.dirname, '..')
const MAIN_JOB = [join(ROOT, 'system_test.mts'), '--quick']
/** A small run, which says what it found of a dead one and starts anew. */
const NEXT = [process.execPath, join(ROOT, 'fixtures/programs/runs_services.mts'), 'exit', '1']

process.exitCode = await tellErrors(main)

async function main(): Promise<number> {
  const chaos = readArguments()
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

function readArguments(): Omit<Chaos, 'signal' | 'tell'> {
  const options = {
    times: { type: 'string', default: '10' },
    kind: { type: 'string', default: 'kill,int,term' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    jobs: { type: 'string', default: '1' },
  } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  return {
    times: readNumber('times', values.times),
    kinds: values.kind.split(',').map(readKind),
    seed: readNumber('seed', values.seed),
    jobs: readNumber('jobs', values.jobs),
    command: positionals.length === 0 ? MAIN_JOB : positionals,
    next: NEXT,
  }
}

function readNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new UsageError(`--${name} wants a number: ${text}`)
}

function readKind(text: string): Kind {
  if (isKind(text)) return text
  throw new UsageError(`unknown kind: ${text}`, { hint: didYouMean(text, KINDS) })
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
