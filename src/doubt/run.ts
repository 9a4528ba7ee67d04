import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from '../event.ts'
import { runScripts } from '../run/runner.ts'
import { DOUBT_VARIABLE, type Order } from './attend.ts'

/** How scripts are run again. */
export interface RunOptions {
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Where the run keeps its order and its logs. */
  readonly folder: string
}

/** What a run told. */
export interface Run {
  readonly events: readonly Event[]
  readonly seconds: number
  /** Leaves nothing of it. */
  forget(): void
}

/** Runs a script with an order for its readings; nobody but the caller hears what it tells. */
export async function runWith(script: string, order: Order, options: RunOptions): Promise<Run> {
  const { folder, env, signal } = options
  const path = join(folder, 'order.json')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path, JSON.stringify(order))
  const events: Event[] = []
  const began = performance.now()
  await runScripts([script], {
    env: { ...env, SHAKEDOWN_LOGS: join(folder, 'logs'), [DOUBT_VARIABLE]: path },
    parallel: 1,
    signal,
    tell: (event) => events.push(event),
  })
  return {
    events,
    seconds: (performance.now() - began) / 1000,
    forget: () => rmSync(folder, { recursive: true, force: true }),
  }
}
