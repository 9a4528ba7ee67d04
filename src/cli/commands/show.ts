import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PreflightError, UsageError } from '../../error.ts'
import { type Command, HELP, print } from '../command.ts'
import { findRun } from '../find-run.ts'
import type { Given } from '../flags.ts'

/** `shakedown show`: the report in a browser. */
export const command: Command = {
  usage: 'show [run]',
  about: `Opens the report of a run in a browser and prints its address; without a name that of the latest. BROWSER names another
program; where there is no screen only the address is printed.`,
  flags: HELP,
  examples: [['shakedown show', 'the report of the latest run']],
  run,
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
}

async function run(given: Given): Promise<number> {
  const [word, ...more] = given.words
  if (more.length > 0) throw new UsageError('one run at a time', { last: given.words.join(' ') })
  const folder = findRun(word)
  const page = resolve(folder, 'report.html')
  if (!existsSync(page))
    throw new PreflightError(`${join(folder, 'report.html')} is not there`, {
      hint: `it is made when a run ends, or of its log: shakedown report ${folder}`,
    })
  const address = pathToFileURL(page).href
  await open(address)
  return print(address)
}

/** Where it cannot be opened, its address is all that can be done. */
async function open(address: string): Promise<void> {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY } = process.env
  const hasScreen = process.platform !== 'linux' || (DISPLAY ?? WAYLAND_DISPLAY) !== undefined
  const [program, ...args] = BROWSER === undefined ? (OPENERS[process.platform] ?? []) : [BROWSER]
  if (program === undefined || (BROWSER === undefined && !hasScreen)) return
  const child = spawn(program, [...args, address], { detached: true, stdio: 'ignore' })
  await new Promise<void>((done) => {
    child.once('spawn', done)
    child.once('error', (error) => {
      process.stderr.write(`${program} could not be started: ${error.message}\n`)
      done()
    })
  })
  child.unref()
}
