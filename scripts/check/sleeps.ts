import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Node } from '@babel/types'
import { type Finding, lineOf, listFiles, readSources, type Source, walk } from './source.ts'

const TYPESCRIPT = ['{src,e2e,scripts}/**/*.{ts,mts}', '*.mts']
const SHELL = ['{scripts,e2e}/**/*.sh', 'scripts/node', 'Makefile', '.ci/run', '.github/workflows/*.yml']
const HERE_TIME_PASSES = 'src/wait/'
const INSTEAD = 'wait for a fact, through src/wait/poll.ts'

/** Every place where time is waited for instead of a fact. Deadlines (a timer that rejects or aborts) are none. */
export async function checkSleeps(
  root: string,
): Promise<{ readonly findings: readonly Finding[]; readonly at: number }> {
  const sources = await readSources(root, TYPESCRIPT)
  const scripts = await listFiles(root, SHELL)
  const inScripts = await Promise.all(
    scripts.map(async (file) => sleepsInShell(file, await readFile(join(root, file), 'utf8'))),
  )
  return {
    findings: [...sources.flatMap(sleepsOf), ...inScripts.flat()],
    at: sources.length + scripts.length,
  }
}

/** The fixed waits in one TypeScript file; the folder of the one polling loop is free to let time pass. */
export function sleepsOf(source: Source): readonly Finding[] {
  if (source.file.startsWith(HERE_TIME_PASSES)) return []
  const findings: Finding[] = []
  walk(source.program, (node) => {
    const what = sleepIn(node)
    if (what !== undefined)
      findings.push({ file: source.file, line: lineOf(node), message: `${what}: ${INSTEAD}` })
  })
  return findings
}

/** The lines of a shell script, a Makefile or a workflow that sleep for a number of seconds. */
export function sleepsInShell(file: string, text: string): readonly Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const code = line.replace(/(^|\s)#.*$/, '')
    return SLEEP_COMMAND.test(code)
      ? [{ file, line: index + 1, message: `sleeps for a fixed time: ${INSTEAD}` }]
      : []
  })
}

const SLEEP_COMMAND = /(^|[\s;&|(`])(sleep|timeout \/t)\s+[\d.$"]/

function sleepIn(node: Node): string | undefined {
  if (node.type === 'ImportDeclaration' && /^(node:)?timers\/promises$/.test(node.source.value))
    return 'imports timers/promises'
  if (node.type === 'CallExpression') return sleepInCall(node)
  if (node.type === 'NewExpression')
    return isSleepingPromise(node) ? 'makes a promise that a timer resolves' : undefined
  if (node.type !== 'TaggedTemplateExpression') return undefined
  const text = node.quasi.quasis.map((part) => part.value.raw).join('$x')
  return SLEEP_COMMAND.test(text) ? 'runs sleep' : undefined
}

function sleepInCall(node: Extract<Node, { type: 'CallExpression' }>): string | undefined {
  const name = nameOf(node.callee)
  if (name === 'sleep' || name === 'waitForTimeout') return `calls ${name}`
  if (name === 'wait' && textOf(node.callee) === 'Atomics.wait') return 'calls Atomics.wait'
  const [first] = node.arguments
  if (name === 'promisify' && first !== undefined && nameOf(first) === 'setTimeout')
    return 'makes a promise of setTimeout'
  const isImport = node.callee.type === 'Import' && first?.type === 'StringLiteral'
  return isImport && /^(node:)?timers\/promises$/.test(first.value) ? 'imports timers/promises' : undefined
}

/** `new Promise((resolve) => setTimeout(resolve, …))` in all its spellings: a timer whose callback resolves. */
function isSleepingPromise(node: Extract<Node, { type: 'NewExpression' }>): boolean {
  const [executor] = node.arguments
  if (nameOf(node.callee) !== 'Promise' || executor?.type !== 'ArrowFunctionExpression') return false
  const [resolve] = executor.params
  if (resolve?.type !== 'Identifier') return false
  let found = false
  walk(executor.body, (inner) => {
    if (inner.type !== 'CallExpression' || !/^set(Timeout|Interval|Immediate)$/.test(nameOf(inner.callee)))
      return
    const [callback] = inner.arguments
    if (callback !== undefined && mentions(callback, resolve.name) && nameOf(inner.callee) !== 'setImmediate')
      found = true
  })
  return found
}

function mentions(node: Node, name: string): boolean {
  let found = false
  walk(node, (inner) => {
    if (inner.type === 'Identifier' && inner.name === name) found = true
  })
  return found
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  return node.type === 'MemberExpression' ? nameOf(node.property) : ''
}

function textOf(node: Node): string {
  return node.type === 'MemberExpression' ? `${textOf(node.object)}.${textOf(node.property)}` : nameOf(node)
}
