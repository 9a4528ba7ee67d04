#!/usr/bin/env node
// The command: shakedown <command>. What was compiled once is kept, as for scripts; each command is loaded when it is asked for.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

if (process.env['NODE_V8_COVERAGE'] === undefined)
  enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/shakedown', import.meta.url)))

const { runCommandLine } = await import('./command-line.ts')
process.exitCode = await runCommandLine(process.argv.slice(2))
