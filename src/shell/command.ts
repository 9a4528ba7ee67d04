import { type CallSite, callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { Failure } from '../error.ts'
import { emit } from '../event.ts'
import type { Assertion } from '../expect/assertion.ts'
import { showDifferences } from '../expect/matcher.ts'
import { differences } from '../expect/pattern.ts'
import { describeWord, render, type Word } from '../reference.ts'
import { shorten } from '../show.ts'
import { own } from '../wait/reading.ts'
import { sense } from '../wait/sense.ts'
import { quote } from './quote.ts'
import { type Output, runCommand, type Words } from './run.ts'

/** What can be claimed about how a command ends. */
export interface CommandMatchers {
  toExit(code: number, options?: { readonly stderr?: RegExp; readonly stdout?: RegExp }): Promise<Output>
}

/** A command that runs; awaiting it gives its output, and throws on an exit code other than 0. */
export interface Command extends PromiseLike<Output> {
  readonly [own]: (assertion: Assertion) => CommandMatchers
}

/** How a command is told: as it was run, and by a name that is the same in every run. */
interface Line {
  readonly line: string
  readonly name: string
}

/**
 * Runs a shell command at once, as in zx: every word is quoted, references are resolved, lists become several words.
 * Ends with the scenario that it runs in.
 */
export function $(text: TemplateStringsArray, ...words: readonly (Word | readonly Word[])[]): Command {
  const at = callSite()
  const values = words.map((word) => (isList(word) ? word.map((one) => render(one)) : render(word)))
  const line = describeLine({ texts: text, values })
  const name = describeLine({ texts: text, values: words.map(nameWords) })
  return createCommand({ line, name, at }, (signal) => runCommand({ texts: text, values }, signal))
}

/** A command that runs from now on, by whatever way, under the line that it is told by. */
export function createCommand(
  { line, name, at }: Line & { readonly at: CallSite | undefined },
  act: (signal: AbortSignal | undefined) => Promise<Output>,
): Command {
  const running = run(line, act)
  // Its failure is told to whoever awaits it; a command that nobody awaits is a debt of the step.
  running.catch(() => {})
  let awaited = false
  currentContext()?.owe({
    title: `a command was not awaited: ${shorten(line, 60)}`,
    hint: 'write `await` before it',
    at,
    settled: () => awaited,
  })
  const succeed = async (): Promise<Output> => {
    const output = await running
    if (output.code === 0) return sense({ kind: 'output', name, at }, async () => output)
    throw createCommandFailure(line, output, { at })
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: a command is awaited, as in zx
    then(onEnd, onError) {
      awaited = true
      return succeed().then(onEnd, onError)
    },
    [own](assertion) {
      awaited = true
      return createMatchers({ line, name }, running, assertion)
    },
  }
}

/** The command as one line that a shell could be given. */
function describeLine({ texts, values }: Words): string {
  const words = values.map((value) => [value].flat().map(quote).join(' '))
  return texts
    .map((text, index) => `${text}${words[index] ?? ''}`)
    .join('')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
}

/** The command until it has ended, told as an event, also when it was broken off. */
async function run(line: string, act: (signal: AbortSignal | undefined) => Promise<Output>): Promise<Output> {
  const began = performance.now()
  let code: number | null = null
  try {
    const output = await act(currentContext()?.signal)
    code = output.code
    return output
  } finally {
    emit({ kind: 'command', line, code, milliseconds: performance.now() - began })
  }
}

/** The same in every run: a port is named by its service. */
function nameWords(word: Word | readonly Word[]): string | readonly string[] {
  return isList(word) ? word.map(describeWord) : describeWord(word)
}

function createMatchers(
  { line, name }: Line,
  running: Promise<Output>,
  assertion: Assertion,
): CommandMatchers {
  return {
    toExit(code, options = {}) {
      const pattern = { code, ...options }
      const further = Object.entries(options).map(([stream, text]) => `${stream} ${text}`)
      const expected = [`exit code ${code}`, ...further].join(', ')
      const began = performance.now()
      return assertion.prove(async () => {
        const output = await sense({ kind: 'output', name }, () => running)
        const found = differences(output, pattern, true)
        emit({
          kind: 'claim',
          what: line,
          matcher: 'toExit',
          expected,
          last: `exit code ${output.code}`,
          met: found.length === 0,
          at: assertion.at?.toString(),
          milliseconds: performance.now() - began,
        })
        if (found.length === 0) return output
        throw createCommandFailure(line, output, {
          at: assertion.at,
          expected,
          hint: [showDifferences(found.filter(({ path }) => path !== 'code'))].filter((text) => text !== ''),
        })
      })
    },
  }
}

interface Told {
  readonly at: CallSite | undefined
  readonly expected?: string
  readonly hint?: readonly string[]
}

function createCommandFailure(line: string, output: Output, { at, ...more }: Told): Failure {
  const log = `${output.stderr}${output.stdout}`.trimEnd().split('\n').slice(-20)
  return new Failure(`command failed: ${shorten(line, 120)}`, {
    expected: 'exit code 0',
    last: `exit code ${output.code}`,
    ...(at === undefined ? {} : { at: at.toString() }),
    ...more,
    log: log.filter((text) => text !== ''),
  })
}

function isList(word: Word | readonly Word[]): word is readonly Word[] {
  return Array.isArray(word)
}
