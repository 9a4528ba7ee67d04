import { execFile, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { promisify } from 'node:util'
import { Failure } from '../../error.ts'
import type { Copying } from '../driver.ts'
import { copyFiles, tellNothing } from '../files.ts'
import { ask, askBytes, saidBy } from './engine.ts'

/** A copy is in memory as a whole: so many bytes at most. */
const LARGEST = 1024 ** 3

/** Files from and to a container, as the archives that the engine takes and gives; they belong to the user that it runs as. */
export function createCopying(path: string): Copying {
  return {
    async in(here, there) {
      if (!existsSync(here)) throw tellNothing(here)
      const { folder, user } = await readPlace(path)
      const target = posix.resolve(folder, there)
      const archive = await inStage(async (stage) => {
        const staged = join(stage, target)
        mkdirSync(join(staged, '..'), { recursive: true })
        cpSync(here, staged, { recursive: true })
        // By its whole name, so that the folders above it are made and none that is there is changed.
        const { stdout } = await promisify(execFile)('tar', ['-C', stage, '-cf', '-', target.slice(1)], {
          encoding: 'buffer',
          maxBuffer: LARGEST,
          env: { ...process.env, COPYFILE_DISABLE: '1' },
        })
        return stdout
      })
      // The engine finds a user by name only.
      const owner = /^[a-z_]/i.test(user) ? '&copyUIDGID=1' : ''
      const answer = await ask({ method: 'PUT', path: `${path}/archive?path=/${owner}`, bytes: archive })
      if (answer.status >= 300)
        throw new Failure(`${here} cannot be copied to ${target}: ${saidBy(answer.body)}`)
    },
    async out(there, here) {
      const source = posix.resolve((await readPlace(path)).folder, there)
      const { status, bytes } = await askBytes({ path: `${path}/archive?path=${encodeURIComponent(source)}` })
      if (status === 404) throw tellNothing(source)
      if (status >= 300) throw new Failure(`${source} cannot be copied: ${bytes.toString()}`)
      await inStage(async (stage) => {
        await unpack(stage, bytes)
        await copyFiles(join(stage, posix.basename(source)), here)
      })
    },
  }
}

/** In which folder it runs, and as whom. */
async function readPlace(path: string): Promise<{ readonly folder: string; readonly user: string }> {
  const { body } = await ask({ path: `${path}/json` })
  const config = typeof body === 'object' && body !== null && 'Config' in body ? Object(body.Config) : {}
  return { folder: posix.resolve('/', String(config.WorkingDir ?? '')), user: String(config.User ?? '') }
}

async function inStage<T>(act: (stage: string) => Promise<T>): Promise<T> {
  const stage = mkdtempSync(join(tmpdir(), 'shakedown-copy-'))
  try {
    return await act(stage)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
}

async function unpack(folder: string, archive: Buffer): Promise<void> {
  const child = spawn('tar', ['-C', folder, '--no-same-owner', '-xf', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  child.stdin.on('error', () => {
    // It ended before it had read all of it: its exit code says so.
  })
  child.stdin.end(archive)
  const code = await new Promise((settle, reject) => child.on('error', reject).on('close', settle))
  if (code !== 0) throw new Failure(`what came from the container cannot be unpacked: ${said.trim()}`)
}
