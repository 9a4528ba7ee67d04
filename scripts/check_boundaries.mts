#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Imports only run downward, as the tables in ARCHITECTURE.md say.
import { checkBoundaries } from './check/boundaries.ts'
import { checkedFolder, tellFindings } from './check/run.ts'

const { findings, at } = await checkBoundaries(checkedFolder)
tellFindings(findings, { at, what: 'files' })
