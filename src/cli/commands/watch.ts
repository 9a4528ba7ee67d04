import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onInterrupt } from '../../interrupt.ts'
import { resultsBase } from '../../run/results.ts'
import { type Command, print } from '../command.ts'
import { wishesOf } from '../common-flags.ts'
import { findScripts } from '../find-scripts.ts'
import type { Flags, Given } from '../flags.ts'
import { RUN_FLAGS } from '../run-flags.ts'
import { watchSaved } from '../watch/saved.ts'
import { findTouched } from '../watch/touched.ts'

const NOT_HERE = [
  'keep',
  'doubt',
  'min',
  'list',
  'shard',
  'durations',
  'until-fail',
  'inspect',
  'last-failed',
  'only',
]
const FLAGS: Flags = Object.fromEntries(
  Object.entries(RUN_FLAGS).filter(([name]) => !NOT_HERE.includes(name)),
)
const MENU =
  'Enter runs everything, f TEXT only titles with this text, f all of them again, r what failed, q ends'

/** `shakedown watch`: what a saved file touches, again. */
export const command: Command = {
  usage: 'watch [scripts, folders, globs…]',
  about: `Runs scripts again when a file is saved that they are, import, or name in a text: their fixtures. Flags are those of run.
While it watches: ${MENU}. Each of these is a line.`,
  takesScripts: true,
  flags: FLAGS,
  examples: [['shakedown watch e2e </dev/null', 'everything below e2e/; without input it ends at once']],
  run,
}

async function run(given: Given): Promise<number> {
  wishesOf(given)
  findScripts(given.words)
  const runner = createRunner(given)
  const results = resultsBase(given.value('results'))
  const stop = watchSaved(results, (files) => {
    const touched = findTouched(findScripts(given.words), files)
    if (touched.length > 0) runner.run(['run', ...touched], `${files.join(', ')} was saved`)
  })
  const ended = new Promise<void>((resolve) => {
    const lines = createInterface({ input: process.stdin })
    lines.on('line', (line) => hearLine(line.trim(), { runner, given, end: () => lines.close() }))
    lines.once('close', resolve)
  })
  // The terminal sends Ctrl-C to the run, too: it stops in order, and is waited for.
  const forget = onInterrupt(() => runner.idle())
  print(`watching ${given.words.join(' ') || 'e2e'}: ${MENU}`)
  await ended
  stop()
  // Somebody may hold its other end for ever.
  process.stdin.destroy()
  await runner.idle()
  forget()
  return 0
}

interface Runner {
  /** Runs a command of shakedown, after the one that is under way. */
  run(words: readonly string[], why: string): void
  /** Titles must have this text, from now on. */
  filter: string
  /** Resolves when nothing runs, and nothing is to be run. */
  idle(): Promise<void>
}

function hearLine(
  line: string,
  { runner, given, end }: { readonly runner: Runner; readonly given: Given; readonly end: () => void },
): void {
  const [key = '', ...words] = line.split(/\s+/)
  if (key === 'f') runner.filter = words.join(' ')
  if (key === 'q') end()
  else if (key === 'r') runner.run(['rerun'], 'what failed')
  else if (key === '' || key === 'f')
    runner.run(['run', ...given.words], runner.filter === '' ? 'everything' : `titles with ${runner.filter}`)
  else print(`not understood: ${line}: ${MENU}`)
}

function createRunner(given: Given): Runner {
  const waiting = new Map<string, () => Promise<void>>()
  let under: Promise<void> | undefined
  const work = async () => {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      waiting.delete(first[0])
      await first[1]()
    }
    under = undefined
  }
  const runner: Runner = {
    filter: '',
    run(words, why) {
      // Saved twice while it runs: once is enough.
      waiting.set(words.join(' '), async () => {
        const only = runner.filter === '' || words[0] === 'rerun' ? [] : ['--only', runner.filter]
        print(`\n${why}: shakedown ${words.join(' ')}`)
        const code = await endOf(spawnShakedown([...words, ...only, ...flagsOf(given)]))
        print(`exit ${code}, watching`)
      })
      under ??= work()
    },
    idle: async () => under,
  }
  return runner
}

function spawnShakedown(words: readonly string[]): ChildProcess {
  const main = fileURLToPath(new URL(`../main.m${import.meta.url.slice(-2)}`, import.meta.url))
  return spawn(process.execPath, [main, ...words], { stdio: ['ignore', 'inherit', 'inherit'] })
}

/** The flags as they were typed. */
function flagsOf(given: Given): readonly string[] {
  return Object.entries(FLAGS).flatMap(([name, { value }]) => {
    if (!given.has(name)) return []
    return value === undefined ? [`--${name}`] : given.values(name).flatMap((text) => [`--${name}`, text])
  })
}

async function endOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(code ?? signal ?? ''))
  })
}
