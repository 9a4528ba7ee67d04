import { mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readReds } from '../contract/record.ts'
import { $ } from '../shell.ts'
import type { Break } from './breaks.ts'

/**
 * What a test or a scenario did where something was broken. `other`: it was red, but not for that. `stale`: there was
 * nothing to break, since the project has changed.
 */
export interface Trial {
  readonly outcome: 'red' | 'green' | 'other' | 'stale'
  /** The test or the step that failed. */
  readonly by: string
  /** All that it printed. */
  readonly text: string
}

/** A test that hangs is not red for a reason. */
const LIMIT = '2m'

/** What is broken shows as something that never comes: nobody waits longer for it, however busy the machine. */
const PATIENCE = '20s'

/** A copy of what is committed in `root`, in a folder of its own, with what is installed linked in. */
export async function copyCommitted(root: string): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'shakedown-reds-'))
  await $({ quiet: true })`git clone --quiet ${root} ${path}`
  // Every file is new: nobody has to be told that this one is newer than what is installed.
  await utimes(join(path, 'package-lock.json'), 0, 0)
  const installed = ['node_modules', '.venv']
  await writeFile(join(path, '.git/info/exclude'), installed.join('\n'))
  for (const name of installed) await symlink(join(root, name), join(path, name))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Breaks the copy, runs what must notice until the signal aborts, and puts the copy back. */
export async function tryBreak(copy: string, one: Break, signal: AbortSignal): Promise<Trial> {
  const git = $({ cwd: copy, quiet: true })
  try {
    const why = await change(copy, one)
    await git`git add --all`
    const isBroken = (await git`git diff --cached --raw`).stdout !== ''
    if (why !== undefined || !isBroken)
      return { outcome: 'stale', by: one.test, text: why ?? 'nothing has changed' }
    return await judge(copy, one, signal)
  } finally {
    await git`git reset --quiet --hard && git clean --quiet --force -d`
  }
}

/** Makes the change; says why where that is not possible. */
async function change(copy: string, { change: how }: Break): Promise<string | undefined> {
  if (typeof how === 'string') {
    const { exitCode, stderr } = await commandsIn(copy)`sh -euc ${how}`
    return exitCode === 0 ? undefined : stderr
  }
  const file = join(copy, how.file)
  const parts = (await readFile(file, 'utf8').catch(() => '')).split(how.from)
  if (parts.length !== 2) return `${how.file} has it ${parts.length - 1} times: ${how.from}`
  await writeFile(file, parts.join(how.to))
  return undefined
}

/** Runs what must notice; it is red where each of the rows failed, and it says why. */
async function judge(copy: string, one: Break, signal: AbortSignal): Promise<Trial> {
  const { rows, broken, test, name, says } = one
  const command = commandsIn(copy, signal)
  const results = join(copy, 'results')
  await rm(results, { recursive: true, force: true })
  const pattern = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const { exitCode, stdout, stderr } =
    name === ''
      ? await command`SHAKEDOWN_PATIENCE=${PATIENCE} ./system_test.mts --quick --results ${results} --only ${test}`
      : await command`scripts/test.mts --within ${LIMIT} --name=${pattern} ${test}`
  const told = join(results, name === '' ? 'latest' : 'tests.json')
  // A run that ended before it could tell anything leaves nothing to read: what it printed is shown.
  const failed = await readReds(told, broken).catch(() => [])
  const text = stdout + stderr
  const isFor = rows.every((row) => failed.some(({ id }) => id === row)) && text.includes(says)
  const by = failed.find(({ id }) => rows.includes(id))?.by ?? test
  return { outcome: exitCode === 0 ? 'green' : isFor ? 'red' : 'other', by, text }
}

/** Commands whose failure is an answer, too. */
function commandsIn(cwd: string, signal?: AbortSignal) {
  return $({ cwd, nothrow: true, quiet: true, ...(signal === undefined ? {} : { signal }) })
}
