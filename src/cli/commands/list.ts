import { isWanted } from '../../scenario/selection.ts'
import { type Command, HELP, print } from '../command.ts'
import { SCRIPT_FLAGS, wishesOf } from '../common-flags.ts'
import { findScripts } from '../find-scripts.ts'
import type { Flags, Given } from '../flags.ts'
import { refuseNothing } from '../listing.ts'
import type { Scanned } from '../scan/scan.ts'
import { isWhole, type ScannedScript, scanScripts, seenIn } from '../scan/scripts.ts'

const { only, tag } = SCRIPT_FLAGS
const FLAGS: Flags = {
  ...(only === undefined ? {} : { only }),
  ...(tag === undefined ? {} : { tag }),
  json: { about: 'as JSON, for programs' },
  ...HELP,
}

/** `shakedown list`: what there is, from the texts of the scripts. */
export const command: Command = {
  usage: 'list [scripts, folders, globs…]',
  about: `Scripts, their scenarios, tags and what these need, read from the text: nothing is started.
What is computed there stands as (computed); shakedown run --list asks the scripts themselves.`,
  takesScripts: true,
  flags: FLAGS,
  examples: [
    ['shakedown list', 'everything below e2e/'],
    ["shakedown list e2e --tag 'p0 and not slow'", 'what such a run would take'],
    ['shakedown list --json', 'the same for a program'],
  ],
  run,
}

async function run(given: Given): Promise<number> {
  Object.assign(process.env, wishesOf(given))
  const scanned = scanScripts(findScripts(given.words))
  if (scanned.every(isWhole)) refuseNothing(scanned.flatMap(seenIn))
  const chosen = scanned.flatMap((one) => {
    const scenarios = one.scenarios.filter(
      ({ title, tags, computed }) => computed || isWanted({ title: title ?? '', tags, script: one.script }),
    )
    return scenarios.length === 0 && isWhole(one) ? [] : [{ ...one, scenarios }]
  })
  return print(given.has('json') ? JSON.stringify(chosen.map(toJson), null, 2) : showAll(chosen))
}

function toJson({ script, scenarios }: ScannedScript) {
  return {
    script,
    scenarios: scenarios.map(({ title = null, line, ...rest }) => ({
      title,
      at: `${script}:${line}`,
      ...rest,
    })),
  }
}

function showAll(scripts: readonly ScannedScript[]): string {
  const rows = scripts.flatMap(({ script, scenarios }) => scenarios.map((one) => columnsOf(one, script)))
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  const lines = scripts.flatMap(({ script, scenarios }) => [
    script,
    ...(scenarios.length === 0 ? ['  (no scenario in its own text)'] : []),
    ...scenarios.map((one) => showRow(columnsOf(one, script), widths)),
  ])
  return lines.join('\n')
}

function columnsOf(scenario: Scanned, script: string): readonly string[] {
  const { title = '(computed)', tags, requires, exclusive, line } = scenario
  const needs = [...requires.map((name) => `needs ${name}`), ...exclusive.map((name) => `alone with ${name}`)]
  return [title, tags.join(' '), needs.join(', '), `${script}:${line}`]
}

function showRow(columns: readonly string[], widths: readonly number[]): string {
  const cells = columns.flatMap((cell, index) => (widths[index] === 0 ? [] : cell.padEnd(widths[index] ?? 0)))
  return `  ${cells.join('  ')}`.trimEnd()
}
