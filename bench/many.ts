import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findExecutable } from '../src/run/packages.ts'
import {
  median,
  PROJECT,
  type Row,
  showSpread,
  type Timed,
  tell,
  timeCommand,
  withFolder,
} from './measure.ts'

const MAIN = join(PROJECT, 'src', 'cli', 'main.mts')
const SCENARIO = `import { expect, scenario } from 'shakedown'
await scenario('a sum', { tags: ['p0'] }, async () => expect(1 + 1).toBe(2))
`
const TEST = `import assert from 'node:assert/strict'
import { test } from 'node:test'
test('a sum', () => assert.equal(1 + 1, 2))
`
const BATS = `@test "a sum" { [ "$((1 + 1))" -eq 2 ]; }\n`
const WORKERS = 2
/** Says at its end how much memory the runner's own process has had. */
const MEASURED = [
  '--import',
  `data:text/javascript,process.once('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+' KiB'))`,
]

/**
 * So many trivial scripts, a process each, two at a time, beside `node --test` and bats with as many files and workers; the
 * time of `shakedown list`, and of `--help` over Node itself.
 */
export async function measureMany(runs: number, scripts = 1000): Promise<readonly Row[]> {
  return withFolder(async (folder) => {
    await prepare(folder, scripts)
    return [...(await measureRuns(folder, scripts)), ...(await measureCommands(folder, runs, scripts))]
  })
}

async function prepare(folder: string, scripts: number): Promise<void> {
  for (const name of ['e2e', 'tests', 'bats', 'node_modules']) await mkdir(join(folder, name))
  await symlink(PROJECT, join(folder, 'node_modules', 'shakedown'))
  for (let index = 0; index < scripts; index += 1) {
    await writeFile(join(folder, 'e2e', `s${index}.mts`), SCENARIO)
    await writeFile(join(folder, 'tests', `t${index}.test.mts`), TEST)
    await writeFile(join(folder, 'bats', `b${index}.bats`), BATS)
  }
}

async function measureRuns(folder: string, scripts: number): Promise<readonly Row[]> {
  const node = process.execPath
  const ours = await time(
    'shakedown',
    '/usr/bin/env',
    '-C',
    folder,
    node,
    ...MEASURED,
    MAIN,
    'run',
    '--workers',
    `${WORKERS}`,
    '--reporter',
    'agent',
  )
  const flags = ['--test', `--test-concurrency=${WORKERS}`, '--test-reporter=dot', 'tests/*.test.mts']
  const theirs = await time('node --test', '/usr/bin/env', '-C', folder, node, ...flags)
  const bats = await timeBats(folder)
  const each = ({ processor }: Timed) => `${((processor * 1000) / scripts).toFixed(0)} ms`
  return [
    {
      what: `${scripts} trivial scripts, a process each, ${WORKERS} at a time`,
      measured: `${ours.seconds.toFixed(1)} s, ${(ours.seconds / theirs.seconds).toFixed(2)}× of \`node --test\`; of processor time ${(ours.processor / theirs.processor).toFixed(2)}×`,
      goal: '≤ 1× of `node --test`',
      note: `\`node --test\`: ${theirs.seconds.toFixed(1)} s; bats: ${bats === undefined ? 'not installed' : `${bats.seconds.toFixed(1)} s`}; processor time a script: ${each(ours)}, ${each(theirs)}${bats === undefined ? '' : `, ${each(bats)}`}; the runner took ${memoryIn(ours.output)}`,
    },
  ]
}

async function measureCommands(folder: string, runs: number, scripts: number): Promise<readonly Row[]> {
  const times: Record<'list' | 'help' | 'node', number[]> = { list: [], help: [], node: [] }
  const here = ['/usr/bin/env', '-C', folder, process.execPath] as const
  for (let run = -1; run < runs; run += 1) {
    const list = await time('list', ...here, MAIN, 'list')
    const help = await time('--help', ...here, MAIN, '--help')
    const bare = await time('node', ...here, '--eval', '')
    if (run < 0) continue
    times.list.push(list.seconds * 1000)
    times.help.push(help.seconds * 1000)
    times.node.push(bare.seconds * 1000)
  }
  const over = times.help.map((one, index) => one - (times.node[index] ?? Number.NaN))
  return [
    {
      what: `\`shakedown list\` of ${scripts} scripts`,
      measured: showSpread(times.list, ' ms', 0),
      goal: '< 1000 ms',
      note: `median of ${runs}`,
    },
    {
      what: '`shakedown --help`, over Node itself',
      measured: showSpread(over, ' ms', 0),
      goal: '≤ 60 ms',
      note: `\`node --eval ''\`: ${median(times.node).toFixed(0)} ms; median of ${runs} turns`,
    },
  ]
}

function memoryIn(output: string): string {
  const [, kib] = /peak (\d+) KiB/.exec(output) ?? []
  return kib === undefined ? 'an unknown amount of memory' : `${Math.round(Number(kib) / 1024)} MB of memory`
}

async function timeBats(folder: string): Promise<Timed | undefined> {
  if (findExecutable('bats') === undefined) return undefined
  // --jobs needs GNU parallel; without it bats runs one at a time, and its time says less.
  const jobs = findExecutable('parallel') === undefined ? [] : ['--jobs', `${WORKERS}`]
  return time('bats', '/usr/bin/env', '-C', folder, 'bats', ...jobs, 'bats')
}

async function time(name: string, command: string, ...args: readonly string[]) {
  const timed = await timeCommand(command, ...args)
  if (timed.code !== 0) throw new Error(`${name} ended with ${timed.code}:\n${timed.output.slice(-2000)}`)
  tell(`many: ${name} ${timed.seconds.toFixed(2)} s`)
  return timed
}
