#!/usr/bin/env node
// The command: shakedown <command>. What was compiled once is kept, as for scripts; each command is loaded when it is asked for.
import { keepCompiled } from '../compile-cache.ts'

keepCompiled()

const { runCommandLine } = await import('./command-line.ts')
process.exitCode = await runCommandLine(process.argv.slice(2))
