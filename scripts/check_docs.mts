#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/node" "$0" "$@"'
// Code in the documents is cut from files that run; links and paths in them exist.
import { checkDocs } from './check/docs.ts'
import { checkedFolder, tellFindings } from './check/run.ts'

const { findings, at } = await checkDocs(checkedFolder)
tellFindings(findings, { at, what: 'documents' })
