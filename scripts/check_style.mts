#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// The house rules that a machine can see: sizes, names, types, a sentence above every export.
import { checkedFolder, tellFindings } from './check/run.ts'
import { checkStyle } from './check/style.ts'

const { findings, at } = await checkStyle(checkedFolder)
tellFindings(findings, { at, what: 'files' })
