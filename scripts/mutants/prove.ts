import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { isDeepStrictEqual } from 'node:util'
import { toError } from '../../src/error.ts'
import { venvFolder, venvProgram } from '../../src/run/venv.ts'
import type { Fault } from './fault.ts'
import { environmentOf, FAULTS_FOLDER } from './injection.ts'

/** What a look at the application found, by name. */
type Facts = Readonly<Record<string, unknown>>

/** In what a fault shows: each fact that is another one with it, and both. Empty: the fault does nothing that can be seen. */
export interface Proof {
  readonly name: string
  readonly differences: readonly string[]
  readonly seconds: number
}

const ROOT = join(import.meta.dirname, '../..')

/** What each kind of application looks like without a fault; facts that differ between two looks are left out. */
export type Controls = Map<string, Promise<Facts>>

/** Looks at the application with and without a fault, without any of the tests that are to catch it. */
export async function proveFault(fault: Fault, controls: Controls): Promise<Proof> {
  const began = performance.now()
  const kind = kindOf(fault)
  const control = controls.get(kind) ?? lookTwice(kind)
  controls.set(kind, control)
  const folder = mkdtempSync(join(tmpdir(), 'fault-log-'))
  const [expected, seen] = [await control, await look(kind, environmentOf(fault, join(folder, 'fault.log')))]
  rmSync(folder, { recursive: true })
  const differences = Object.keys(expected)
    .filter((name) => !isDeepStrictEqual(expected[name], seen[name]))
    .map((name) => `${name}: ${tell(expected[name], seen[name])} → ${tell(seen[name], expected[name])}`)
  return { name: fault.name, differences, seconds: (performance.now() - began) / 1000 }
}

function kindOf({ group, shown }: Fault): string {
  return group === 'Prometheus' ? 'prometheus' : (shown[0] ?? 'redis')
}

async function lookTwice(kind: string): Promise<Facts> {
  const [one, other] = [await look(kind, {}), await look(kind, {})]
  return Object.fromEntries(
    Object.entries(one).filter(([name, fact]) => isDeepStrictEqual(fact, other[name])),
  )
}

async function look(kind: string, fault: Readonly<Record<string, string>>): Promise<Facts> {
  const program = join(FAULTS_FOLDER, 'look/look_at_app.py')
  const child = spawn(venvProgram(venvFolder(ROOT), 'python'), [program, kind], {
    cwd: join(FAULTS_FOLDER, '../apps/exporter'),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', FAULT_ENVIRONMENT: JSON.stringify(fault) },
  })
  try {
    const facts: unknown = await json(child.stdout)
    return typeof facts === 'object' && facts !== null ? { ...facts } : {}
  } catch (error) {
    return { 'the look itself': toError(error).message }
  }
}

/** A fact in short; of lists only what the other one does not have. */
function tell(fact: unknown, other: unknown): string {
  const own =
    Array.isArray(fact) && Array.isArray(other) ? fact.filter((item) => !other.includes(item)) : fact
  const text = JSON.stringify(own) ?? 'nothing'
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}
