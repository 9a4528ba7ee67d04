import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readFirstFailure } from './story.ts'

/** What failed first: where, in which words, and which promises it is there for. */
export interface Noticed {
  readonly where: string
  readonly seen: string
  readonly proves: readonly string[]
}

const ROOT = join(import.meta.dirname, '../..')
const SEED = pathToFileURL(join(ROOT, 'fixtures/faults/telemetry/seed.ts')).href

/** Runs a script of the suite with a fault of the pipeline, or none; undefined where all of it passes. */
export async function runPipeline(run: {
  readonly fault: string
  readonly script: string
  readonly scenario: string
}): Promise<Noticed | undefined> {
  const results = await mkdtemp(join(tmpdir(), 'shakedown-telemetry-'))
  const only = run.scenario === '' ? [] : ['--only', run.scenario]
  const script = join(ROOT, `e2e/integration/telemetry/${run.script}.mts`)
  const { code, text } = await spawnToEnd([script, '--quick', '--results', results, ...only], {
    NODE_OPTIONS: `--import=${SEED}`,
    TELEMETRY_FAULT: run.fault,
    SHAKEDOWN_MODE_PATIENCE: '8s',
  })
  const failure = readFirstFailure(results)
  await rm(results, { recursive: true, force: true })
  if (code === 0) return undefined
  if (failure === undefined) return { where: run.script, seen: text.slice(-300), proves: [] }
  return { where: failure.where, seen: failure.title, proves: failure.proves }
}

async function spawnToEnd(
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number; readonly text: string }> {
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Uint8Array) => {
      text += String(chunk)
    })
  const [code] = await once(child, 'close')
  return { code: Number(code), text }
}
