import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PreflightError, UsageError } from '../../error.ts'
import { EXIT } from '../../run/exit.ts'
import { type Command, HELP } from '../command.ts'
import type { Given } from '../flags.ts'
import { ownSource, PROJECT_FILES } from '../new/project.ts'
import { nameFile, writeScenarioScript, writeServiceScript } from '../new/script.ts'
import { writeNew } from '../new/write.ts'
import { SERVICE_FLAGS } from './new.ts'

/** `shakedown init`: from an empty folder to a green system test. */
export const command: Command = {
  usage: 'init [name --run <command>]',
  about: `Makes this folder a project with system tests: package.json, .gitignore, a workflow for GitHub, and a first script, for a
program of yours or for a small web server that it brings itself. Installs shakedown, and runs the script. Nothing is overwritten.`,
  flags: { ...SERVICE_FLAGS, ...HELP },
  examples: [
    ['shakedown init', 'a first script that needs nothing but Node'],
    ["shakedown init timer --run 'node -e setInterval(Boolean,99)'", 'one for a program of yours'],
  ],
  run,
}

async function run(given: Given): Promise<number> {
  const { file, text } = firstScript(given)
  for (const [name, make] of Object.entries(PROJECT_FILES)) {
    const isNew = writeNew(name, make())
    if (name === '.gitignore' && !isNew && !readFileSync(name, 'utf8').includes('results'))
      process.stdout.write('         (it lacks results/: what runs write there belongs to nobody else)\n')
  }
  writeNew(file, text)
  if (!existsSync('node_modules/shakedown')) install()
  process.stdout.write(`running shakedown run ${file}\n`)
  const main = fileURLToPath(new URL(`../main.m${import.meta.url.slice(-2)}`, import.meta.url))
  return spawnSync(process.execPath, [main, 'run', file], { stdio: 'inherit' }).status ?? EXIT.failed
}

function firstScript(given: Given): { readonly file: string; readonly text: string } {
  const [name = 'first look', ...more] = given.words
  const [line, http] = [given.value('run'), given.value('http')]
  if (more.length > 0) throw new UsageError('one program at a time', { last: given.words.join(' ') })
  const file = `e2e/${nameFile(name)}.mts`
  if (line !== undefined) return { file, text: writeServiceScript({ name, run: line, http }) }
  if (given.words.length === 0) return { file, text: writeScenarioScript(name) }
  throw new UsageError(`how is ${name} started?`, {
    hint: `shakedown init ${name} --run '${name} -p {port}'`,
  })
}

function install(): void {
  const source = ownSource()
  process.stdout.write(`npm install --save-dev ${source}\n`)
  const args = ['install', '--save-dev', '--no-audit', '--no-fund', source]
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0)
    throw new PreflightError('npm could not install shakedown', { hint: 'its own words are above' })
}
