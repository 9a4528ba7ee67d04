import { relative } from 'node:path'
import { callSite } from '../call-site.ts'
import { currentContext } from '../context.ts'
import { type Duration, milliseconds } from '../duration.ts'
import { UsageError } from '../error.ts'
import { emit, stampEventsWith } from '../event.ts'
import { interruptedBy } from '../interrupt.ts'
import { mode } from '../mode.ts'
import { show } from '../show.ts'
import { areFailuresRejected, whenOpen } from './opening.ts'
import { checkOptions } from './options.ts'
import { isChosen, WISH } from './selection.ts'
import { tellTale } from './tale.ts'

/** What a scenario says about itself besides its title. */
export interface ScenarioOptions {
  readonly tags?: readonly string[]
  /** The whole scenario, teardown not included; the mode's timeout where it is not given. */
  readonly timeout?: Duration
  /** How long everything that it started has to stop; 30 s where it is not given. */
  readonly teardown?: Duration
  /** What the machine must have, else the scenario is a counted skip: a component of the table, or a command. */
  readonly requires?: readonly string[]
  /** What only one scenario of this machine may use at a time, by any name: `['port:8088', 'gpu']`. It is waited for. */
  readonly exclusive?: readonly string[]
  /** Failures that are known to pass by themselves, as a part of their text: with `--retries`, it is told again after these. */
  readonly transient?: readonly string[]
}

/** What a scenario or step does. */
export type Act<Given extends readonly unknown[] = []> = (...given: Given) => Promise<void>

const OPTIONS = ['tags', 'timeout', 'teardown', 'requires', 'exclusive', 'transient'] as const
const TEARDOWN = '30s'
/** No timer of Node's can be longer. */
const LONGEST = 2 ** 31 - 1
const SCRIPT = process.argv[1] === undefined ? '' : relative(process.cwd(), process.argv[1])
let count = 0

stampEventsWith(() => {
  const context = currentContext()
  return { script: SCRIPT, scenario: context?.scenario, step: context?.step, finding: context?.finding }
})

/**
 * Tells one story: starts things, acts, claims. Everything that it starts is stopped when it ends, however it ends. Its
 * outcome is an event; it fails too when nothing was claimed. Resolves in any case, so that the next scenario runs; only a
 * mistake in how it is written rejects. In another test runner (node:test, vitest, Playwright) it rejects with whatever kept it
 * from passing, a skip too.
 */
export function scenario(title: string, act: Act): Promise<void>
export function scenario(title: string, options: ScenarioOptions, act: Act): Promise<void>
export async function scenario(title: string, given: ScenarioOptions | Act, last?: Act): Promise<void> {
  const at = callSite()?.toString()
  const [options, act] = typeof given === 'function' ? [{}, given] : [given, last]
  if (typeof act !== 'function')
    throw new UsageError(`scenario ${title} does nothing`, { hint: 'its last argument is a function' })
  if (currentContext() !== undefined)
    throw new UsageError(`scenario ${title} is inside of another one`, { hint: 'use step' })
  const { tags, timeout, teardown } = check(title, options)
  await whenOpen()
  // What comes after a scenario that was interrupted is never told: the process is about to end.
  if (interruptedBy() !== undefined) return new Promise(() => {})
  const chosen = isChosen({ title, tags, script: SCRIPT })
  emit({ kind: 'scenario:seen', title, at, tags, chosen })
  if (!chosen) return
  const { requires = [], exclusive = [], transient = [] } = options
  let failure: Error | undefined
  const failed = (error: Error) => {
    failure = error
  }
  const release = exclusive.length === 0 ? undefined : await hold(title, exclusive)
  const story = { title, at, tags, timeout, teardown }
  const tell = (again: number): Promise<boolean> => {
    count += 1
    const id = String(count)
    emit({ kind: 'scenario:start', id, ...story, ...(again === 0 ? {} : { again }) })
    const mayRetry =
      again < retries() ? (errors: readonly Error[]) => areTransient(errors, transient) : undefined
    return tellTale({ id, ...story, requires, mayRetry, failed }, act)
  }
  for (let again = 0; await tell(again); again += 1)
    emit({ kind: 'note', level: 'notice', text: `${title} is told again: that failure is known to pass` })
  release?.()
  if (failure !== undefined && areFailuresRejected()) throw failure
}

async function hold(title: string, names: readonly string[]): Promise<() => void> {
  const { holdExclusive } = await import('./exclusive.ts')
  return holdExclusive(title, names)
}

function retries(): number {
  return Number(process.env[WISH.retries] ?? 0)
}

/** Every single thing that went wrong must be known to pass by itself. */
function areTransient(errors: readonly Error[], transient: readonly string[]): boolean {
  return errors.every(({ message }) => transient.some((text) => message.includes(text)))
}

function check(title: string, options: ScenarioOptions) {
  if (typeof title !== 'string' || title.trim() === '')
    throw new UsageError(`a scenario has a title, not ${show(title)}`, {
      hint: 'the first argument says in words what is told',
    })
  checkOptions(`scenario ${title}`, options, OPTIONS)
  const { tags = [], timeout = mode.timeout, teardown = TEARDOWN, exclusive = [], transient = [] } = options
  const odd = tags.find((tag) => !/^[^\s,]+$/.test(tag))
  if (odd !== undefined)
    throw new UsageError(`not a tag: ${show(odd)}`, { hint: 'a tag is one word, without commas' })
  for (const [name, texts] of Object.entries({ exclusive, transient }))
    if (texts.some((text) => typeof text !== 'string' || text.trim() === ''))
      throw new UsageError(`scenario ${title}: ${name} has ${show(texts)}`, { hint: 'it is a list of texts' })
  const limit = process.env[WISH.inspect] === undefined ? milliseconds(timeout) : LONGEST
  return { tags, timeout: limit, teardown: milliseconds(teardown) }
}
