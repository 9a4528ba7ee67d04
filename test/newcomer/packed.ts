import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { copyProject, type Ended, type Folder, run } from '../scripts/project.ts'

/** The tarball as npm would publish it; gone with its folder. */
export interface Packed extends AsyncDisposable {
  readonly tarball: string
}

/** Packs the project as it stands. */
export async function packProject(): Promise<Packed> {
  const project = await copyProject()
  const ended = await run(['npm', 'pack', '--json', '--pack-destination', project.path], {
    cwd: project.path,
  })
  assert.equal(ended.code, 0, ended.stderr)
  const tarball = (await readdir(project.path)).find((name) => name.endsWith('.tgz')) ?? ''
  return {
    tarball: join(project.path, tarball),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}

/** As typed in a shell of one's own, with the Node that this project needs. */
export function typeIn(folder: Folder, ...words: readonly string[]): Promise<Ended> {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`
  const plain = { CI: undefined, GITHUB_ACTIONS: undefined, SHAKEDOWN_RUN: undefined, NO_COLOR: '1' }
  return run(words, { cwd: folder.path, env: { PATH, LANG: 'C.UTF-8', ...plain } })
}
