#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../../scripts/node" "$0" "$@"'
// Runs the suite against the pipeline with one thing wrong in it, fault by fault, and says what noticed. Exits 1 where nothing did.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { FAULTS } from '../../../fixtures/faults/telemetry/table.ts'

const root = join(import.meta.dirname, '../../..')
const SEED = pathToFileURL(join(root, 'fixtures/faults/telemetry/seed.ts')).href
/** The quickest first: the next is only asked where this one saw nothing. */
const SCRIPTS = ['process', 'uploads', 'delivery']

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, jobs: { type: 'string', default: '2' } },
})
const names = Object.keys(FAULTS).filter((name) => name.includes(values.only))
const waiting = names.values()
const missed: string[] = []
const results = mkdtempSync(join(tmpdir(), 'shakedown-telemetry-'))
process.on('exit', () => rmSync(results, { recursive: true, force: true }))

// Without a fault nobody must notice anything, or what is noticed later says nothing.
for (const [script, scenario] of scenariosOf(names)) {
  const { code, text } = await run('', script, scenario)
  if (code !== 0) throw new Error(`${script} fails without a fault:\n${text}`)
}
await Promise.all(Array.from({ length: Number(values.jobs) }, work))
say(`${names.length} faults: ${names.length - missed.length} noticed, ${missed.length} not`)
process.exitCode = missed.length === 0 && names.length > 0 ? 0 : 1

async function work(): Promise<void> {
  for (const name of waiting) {
    const began = performance.now()
    const noticed = await notice(name)
    if (noticed === undefined) missed.push(name)
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    say(
      `${noticed === undefined ? 'MISSED ' : 'noticed'} ${name.padEnd(50)} ${seconds.padStart(3)}s  ${noticed ?? ''}`,
    )
  }
}

function scenariosOf(some: readonly string[]): readonly (readonly [string, string])[] {
  const all = some.map((name) => FAULTS[name]?.where ?? (['process', ''] as const))
  return all.filter(
    ([script, word], index) => all.findIndex(([one, other]) => one === script && other === word) === index,
  )
}

/** The first claim that failed: of the scenario that should notice, else of any. */
async function notice(name: string): Promise<string | undefined> {
  const { where } = FAULTS[name] ?? {}
  const asked = [...(where === undefined ? [] : [where]), ...SCRIPTS.map((script) => [script, ''] as const)]
  for (const [script, scenario] of asked) {
    const { code, text } = await run(name, script, scenario)
    if (code === 0) continue
    const [, failed = text.slice(-300)] = /^\s*✗ (.* › .*)$/m.exec(text) ?? /^\s*✗ (.*)$/m.exec(text) ?? []
    return `${script}: ${failed}`
  }
  return undefined
}

interface Ended {
  readonly code: number
  readonly text: string
}

async function run(fault: string, script: string, scenario: string): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, `${script}.mts`),
      '--quick',
      '--results',
      results,
      ...(scenario === '' ? [] : ['--only', scenario]),
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=${SEED}`,
        TELEMETRY_FAULT: fault,
        SHAKEDOWN_MODE_PATIENCE: '8s',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Uint8Array) => {
      text += String(chunk)
    })
  const [code] = await once(child, 'close')
  return { code: Number(code), text }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
