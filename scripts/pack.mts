#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// npm's prepack and postpack: builds dist, and puts a package.json in place that points there; afterwards the own one comes
// back, also when npm is interrupted or killed in between: a guard of its own waits for npm's end.
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { buildAssets } from '../src/report/page/assets.ts'
import { poll } from '../src/wait/poll.ts'
import { publishedForm } from './pack/published-form.ts'
import { $ } from './shell.ts'

const root = join(import.meta.dirname, '..')
const manifest = join(root, 'package.json')
const dist = join(root, 'dist')
const APT = 'src/cli/install/apt.sh'
/** Where the own package.json is meanwhile, by npm's process id: a guard never puts back what another npm has put away. */
const folder = join(root, '.shakedown', 'packing')

const [word = '', pid = ''] = process.argv.slice(2)
if (word === 'begin') await begin(await findNpm())
else if (word === 'end') end(await findNpm())
else if (word === 'guard') await guard(Number(pid))
else throw new Error(`scripts/pack.mts begin | end; npm calls it, got: ${word}`)

async function begin(npm: number): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const other of readdirSync(folder).map(Number)) {
    if (isAlive(other)) throw new Error(`this project is being packed already, by process ${other}`)
    end(other)
  }
  rmSync(dist, { recursive: true, force: true })
  await $({
    cwd: root,
    stdio: 'inherit',
  })`${join(root, 'node_modules', '.bin', 'tsc')} -p tsconfig.build.json`
  await buildAssets(join(dist, 'report', 'page'))
  // The one part that is no TypeScript.
  cpSync(join(root, APT), join(root, APT.replace('src', 'dist')))
  // The guard is there before anything needs guarding.
  spawn(process.execPath, [import.meta.filename, 'guard', String(npm)], {
    detached: true,
    stdio: 'ignore',
  }).unref()
  const own = readFileSync(manifest, 'utf8')
  writeFileSync(join(folder, String(npm)), own)
  writeFileSync(`${manifest}.new`, publishedForm(own))
  renameSync(`${manifest}.new`, manifest)
}

/** Puts the package.json back that was put away for this npm, unless somebody has edited the published form meanwhile. */
function end(npm: number): void {
  const kept = join(folder, String(npm))
  if (!existsSync(kept)) return
  const own = readFileSync(kept, 'utf8')
  const now = readFileSync(manifest, 'utf8')
  if (now !== own && now !== publishedForm(own)) {
    throw new Error(`package.json was edited while it was packed; the own one is ${kept}`)
  }
  rmSync(dist, { recursive: true, force: true })
  renameSync(kept, manifest)
}

async function guard(npm: number): Promise<void> {
  const read = async () => isAlive(npm)
  await poll(read, { what: 'npm ends', within: 600_000, judge: (alive) => ({ met: !alive }) })
  end(npm)
}

function isAlive(npm: number): boolean {
  try {
    return process.kill(npm, 0)
  } catch {
    return false // no such process
  }
}

/** npm runs its scripts through a shell: npm is the shell's parent, or ours where the shell has replaced itself. */
async function findNpm(): Promise<number> {
  const { stdout } = await $({ quiet: true, nothrow: true })`ps -o ppid=,args= -p ${process.ppid}`
  const [, above = '', args = ''] = /^\s*(\d+)\s+(.*)/.exec(stdout) ?? []
  return /^(\S*\/)?(sh|bash|dash)\s+-c/.test(args) ? Number(above) : process.ppid
}
