import { constants } from 'node:os'
import type { Exit } from '../driver.ts'
import { type Answer, ask } from './engine.ts'

/** Signals that nobody catches or exits with: whoever ended with 128 + one of these was ended by it. */
const FATAL: ReadonlySet<string> = new Set(['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE'])

/**
 * How a container ended. The engine tells one number; 128 + n is a signal where it was sent or is one that ends programs. Says
 * so where memory ran out.
 */
export async function readExit(name: string, said: Answer, sent: ReadonlySet<string>): Promise<Exit> {
  const code = codeIn(said.body)
  if (code === undefined)
    return { code: null, signal: 'SIGKILL', reason: 'the engine lost it: it was stopped or restarted' }
  const signal = signalOf(code)
  if (signal === undefined || !(sent.has(signal) || FATAL.has(signal))) return { code, signal: null }
  const reason = signal === 'SIGKILL' && !sent.has(signal) ? await findReason(name) : undefined
  return { code: null, signal, ...(reason === undefined ? {} : { reason }) }
}

function signalOf(code: number): NodeJS.Signals | undefined {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128)
  return found === undefined ? undefined : (found[0] as NodeJS.Signals) // why: the keys of that table are the names
}

function codeIn(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null || !('StatusCode' in body)) return undefined
  return Number(body.StatusCode)
}

async function findReason(name: string): Promise<string | undefined> {
  const { body } = await ask({ path: `/containers/${name}/json` })
  const state = typeof body === 'object' && body !== null && 'State' in body ? body.State : undefined
  const isOut =
    typeof state === 'object' && state !== null && 'OOMKilled' in state && state.OOMKilled === true
  return isOut ? `memory ran out: it may have ${limitIn(body)}` : undefined
}

function limitIn(body: unknown): string {
  const bytes = /"Memory":(\d+)/.exec(JSON.stringify(body))?.[1]
  return bytes === undefined || bytes === '0'
    ? 'as much as the machine'
    : `${Math.round(Number(bytes) / 1024 ** 2)} MB`
}
