import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onInterrupt } from '../../interrupt.ts'
import { resultsBase } from '../../run/results.ts'
import type { Keeper } from '../../service/warm/keeper.ts'
import { type Command, print } from '../command.ts'
import { wishesOf } from '../common-flags.ts'
import { findScripts } from '../find-scripts.ts'
import type { Flags, Given } from '../flags.ts'
import { RUN_FLAGS } from '../run-flags.ts'
import { hearKeys } from '../watch/keys.ts'
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
  'a or Enter runs everything, f TEXT only titles with this text, f all of them again, r what failed, q ends'

/** `shakedown watch`: what a saved file touches, again. */
export const command: Command = {
  usage: 'watch [scripts, folders, globs…]',
  about: `Runs scripts again when a file is saved that they are, import, or name in a text: their fixtures. Flags are those of run.
While it watches: ${MENU}. On a terminal these are keys, and f asks for the text; from elsewhere lines.
Services whose spec says how they are reset stay warm from one run to the next where their value has not changed.`,
  takesScripts: true,
  flags: FLAGS,
  examples: [['shakedown watch e2e </dev/null', 'everything below e2e/; without input it ends at once']],
  run,
}

async function run(given: Given): Promise<number> {
  wishesOf(given)
  findScripts(given.words)
  const keeper = await openKeeperFor(given)
  const runner = createRunner(given, keeper === undefined ? {} : { SHAKEDOWN_KEEPER: keeper.path })
  const results = resultsBase(given.value('results'))
  const stop = watchSaved(results, (files) => {
    const touched = findTouched(findScripts(given.words), files)
    if (touched.length > 0) runner.run(['run', ...touched], `${files.join(', ')} was saved`)
  })
  const ended = new Promise<void>((resolve) => {
    const input = hearKeys((line) => hearLine(line, { runner, given, end: () => input.close() }), resolve)
  })
  // The terminal sends Ctrl-C to the run, too: it stops in order, and is waited for.
  const forget = onInterrupt(async () => {
    await runner.idle()
    await keeper?.close()
  })
  print(`watching ${given.words.join(' ') || 'e2e'}: ${MENU}`)
  await ended
  stop()
  // Somebody may hold its other end for ever.
  process.stdin.destroy()
  await runner.idle()
  await keeper?.close()
  forget()
  return 0
}

/** None where it could not do what is asked: stop the groups of what it keeps, or run them as containers. */
async function openKeeperFor(given: Given): Promise<Keeper | undefined> {
  if (process.platform === 'win32' || given.has('cpus') || (given.value('driver') ?? 'process') !== 'process')
    return undefined
  const { openKeeper } = await import('../../service/warm/keeper.ts')
  return openKeeper()
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
  else if (key === '' || key === 'a' || key === 'f')
    runner.run(['run', ...given.words], runner.filter === '' ? 'everything' : `titles with ${runner.filter}`)
  else print(`not understood: ${line}: ${MENU}`)
}

function createRunner(given: Given, env: Readonly<Record<string, string>>): Runner {
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
        const code = await endOf(spawnShakedown([...words, ...only, ...flagsOf(given)], env))
        print(`exit ${code}, watching`)
      })
      under ??= work()
    },
    idle: async () => under,
  }
  return runner
}

function spawnShakedown(words: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const main = fileURLToPath(new URL(`../main.m${import.meta.url.slice(-2)}`, import.meta.url))
  return spawn(process.execPath, [main, ...words], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
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
