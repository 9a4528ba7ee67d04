#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Says what is there, which version, what is missing and how to get it. Exits 3 when the main job could not run.
import { join } from 'node:path'
import { describeDiagnoses, describeLimits, diagnose, isFit } from '../src/run/doctor.ts'

const diagnoses = await diagnose({ root: join(import.meta.dirname, '..') })
process.stdout.write(`ok       ${'node'.padEnd(15)} ${process.versions.node.padEnd(9)} ${process.execPath}\n`)
process.stdout.write(`${describeDiagnoses(diagnoses)}\n`)
process.stdout.write(`\nwhat cannot be promised on this system (docs/promises.md):\n${describeLimits()}\n`)
process.exitCode = isFit(diagnoses) ? 0 : 3
