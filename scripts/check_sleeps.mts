#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// No fixed waits in src, e2e and scripts: time is let pass in src/wait/ only, between two looks at a fact.
import { checkedFolder, tellFindings } from './check/run.ts'
import { checkSleeps } from './check/sleeps.ts'

const { findings, at } = await checkSleeps(checkedFolder)
tellFindings(findings, { at, what: 'files' })
