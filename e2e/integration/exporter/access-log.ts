import { readFile, rename } from 'node:fs/promises'
import { at, derive, expect, type Reading, step } from 'shakedown'
import { ACCESS_LOG } from './app.ts'
import { countExactly } from './held.ts'
import { openFiles } from './machine.ts'
import { expectCounted } from './signals.ts'
import { type App, serveFromAll } from './workers.ts'

/** Claims that the log of requests and their count say the same, of an application that has one. */
export async function verifyAccessLog(app: App): Promise<void> {
  await step('each request that is counted is in the access log', { proves: ['GUN-008'] }, async () => {
    const counted = await countExactly(app)
    await expect(linesIn(app, ACCESS_LOG)).toBe(counted)
  })
}

/** Claims that whoever puts the log away and says so gets a new one, and that no request is in the wrong one. */
export async function verifyRotation(app: App): Promise<void> {
  await step('USR1 begins a new log where the old one was', { proves: ['GUN-085', 'GUN-096'] }, async () => {
    const old = `${ACCESS_LOG}.1`
    const counted = await countExactly(app)
    await rename(pathOf(app, ACCESS_LOG), pathOf(app, old))
    const before = await linesIn(app, old).read()
    const pids = [await app.pid.read(), ...(await app.workers.read())]
    await expectCounted(app, 'SIGUSR1', () => expect(writersOf(old, pids)).toEqual([]))
    await serveFromAll(app)
    const since = (await countExactly(app)) - counted
    await expect(linesIn(app, ACCESS_LOG)).toBe(since)
    await expect(linesIn(app, old)).toBe(before)
  })
}

function pathOf(app: App, file: string): string {
  return String(at`${app.dir}/${file}`)
}

function linesIn(app: App, file: string): Reading<number> {
  return derive(app.pid, `lines in ${file}`, async () => {
    const text = await readFile(pathOf(app, file), 'utf8').catch(() => '') // not there: nothing in it
    return text.split('\n').length - 1
  })
}

/** Of some processes those that have a file open, wherever it is. */
function writersOf(file: string, pids: readonly number[]): Reading<readonly string[]> {
  const read = async () => {
    const open = await Promise.all(
      pids.map(async (pid) => {
        const files = await openFiles(pid)
        return files.some((path) => path.endsWith(`/${file}`)) ? [`process ${pid}`] : []
      }),
    )
    return open.flat()
  }
  return { describe: `who still writes to ${file}`, read }
}
