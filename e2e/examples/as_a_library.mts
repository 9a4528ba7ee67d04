#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// Runs a script from a program of one's own, and looks at what came of it.
import { run } from 'shakedown'

// #region run
const slow: string[] = []
const ran = await run({
  files: ['e2e/examples/exclusive.mts'],
  mode: 'quick',
  reporters: [(event) => event.kind === 'scenario:end' && event.seconds > 60 && slow.push(event.title)],
})
// #endregion
process.stdout.write(`${ran.passed ? 'passed' : ran.causes.join('\n')}, ${slow.length} slow ones\n`)
process.exitCode = ran.exit
