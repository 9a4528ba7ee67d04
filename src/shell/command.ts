import { type CallSite, callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { Failure } from '../error.ts'
import { emit } from '../event.ts'
import type { Assertion } from '../expect/assertion.ts'
import { showDifferences } from '../expect/matcher.ts'
import { differences } from '../expect/pattern.ts'
import { render, type Word } from '../reference.ts'
import { shorten } from '../show.ts'
import { own } from '../wait/reading.ts'

/** What a command printed and how it ended. */
export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What can be claimed about how a command ends. */
export interface CommandMatchers {
  toExit(code: number, options?: { readonly stderr?: RegExp; readonly stdout?: RegExp }): Promise<Output>
}

/** A command that runs; awaiting it gives its output, and throws on an exit code other than 0. */
export interface Command extends PromiseLike<Output> {
  readonly [own]: (assertion: Assertion) => CommandMatchers
}

/**
 * Runs a shell command at once, as in zx: every word is quoted, references are resolved, lists become several words.
 * Ends with the scenario that it runs in.
 */
export function $(text: TemplateStringsArray, ...words: readonly (Word | readonly Word[])[]): Command {
  const at = callSite()
  const values = words.map((word) => (isList(word) ? word.map((one) => render(one)) : render(word)))
  const line = text.reduce(
    (sum, piece, index) => `${sum}${[values[index - 1] ?? []].flat().join(' ')}${piece}`,
  )
  const running = run(text, values, line)
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
    if (output.code === 0) return output
    throw createCommandFailure(line, output, at)
  }
  return {
    // biome-ignore lint/suspicious/noThenProperty: a command is awaited, as in zx
    then(onEnd, onError) {
      awaited = true
      return succeed().then(onEnd, onError)
    },
    [own](assertion) {
      awaited = true
      return createMatchers(line, running, assertion)
    },
  }
}

async function run(
  text: TemplateStringsArray,
  values: readonly (string | readonly string[])[],
  line: string,
): Promise<Output> {
  const { $: zx } = await import('zx/core')
  const signal = currentContext()?.signal
  const began = performance.now()
  const command = zx({ nothrow: true, quiet: true, ...(signal === undefined ? {} : { signal }) })
  const { exitCode, stdout, stderr } = await command(
    text,
    ...values.map((value) => (typeof value === 'string' ? value : [...value])),
  )
  if (signal?.aborted === true) throw signal.reason
  emit({ kind: 'command', line, code: exitCode, milliseconds: performance.now() - began })
  return { code: exitCode ?? 1, stdout, stderr }
}

function createMatchers(line: string, running: Promise<Output>, assertion: Assertion): CommandMatchers {
  return {
    toExit(code, options = {}) {
      const pattern = { code, ...options }
      return assertion.prove(async () => {
        const output = await running
        const found = differences(output, pattern, true)
        emit({
          kind: 'claim',
          what: line,
          matcher: 'toExit',
          expected: `exit code ${code}`,
          last: `exit code ${output.code}`,
          met: found.length === 0,
          at: assertion.at?.toString(),
          milliseconds: 0,
        })
        if (found.length === 0) return output
        throw createCommandFailure(line, output, assertion.at, {
          expected: `exit code ${code}`,
          hint: showDifferences(found),
        })
      })
    },
  }
}

function createCommandFailure(
  line: string,
  output: Output,
  at: CallSite | undefined,
  more: { readonly expected?: string; readonly hint?: string } = {},
): Failure {
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
