import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from './fault.ts'

/** Where the faults are, one a file; `overlay` goes onto PYTHONPATH, `programs` stand in for the real ones. */
export const FAULTS_FOLDER = join(import.meta.dirname, '../../fixtures/faults')

/** What is wrong, and what a user sees: the first sentence of the fault's file. */
export function describeFault({ name, about }: Fault): string {
  if (about !== undefined) return about
  const text = readFileSync(join(FAULTS_FOLDER, `${name}.py`), 'utf8')
  return /^"""(.+?)"""/s.exec(text)?.[1]?.replaceAll(/\s+/g, ' ') ?? name
}

/** The environment in which the main job runs into this fault; `log` is where the fault notes that it took effect. */
export function environmentOf({ name, way, env = {} }: Fault, log: string): Readonly<Record<string, string>> {
  const fault = { SHAKEDOWN_FAULT: name, SHAKEDOWN_FAULT_LOG: log }
  const program = (file: string) => join(FAULTS_FOLDER, 'programs', file)
  if (way === 'prometheus') return { ...fault, PROMETHEUS_BIN: program(way) }
  if (way === 'redis-server') return { ...fault, REDIS_BIN: program(way) }
  return way === 'variable' ? env : { ...fault, PYTHONPATH: join(FAULTS_FOLDER, 'overlay') }
}
