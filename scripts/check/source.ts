import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ParseResult, parse } from '@babel/parser'
import type { Comment, File, Node } from '@babel/types'
import { toError } from '../../src/error.ts'

/** Something that a check has found: where, and what is wrong with it. */
export interface Finding {
  readonly file: string
  readonly line: number
  readonly message: string
}

/** A source file, read and parsed. `file` is relative to the project, with `/`. */
export interface Source {
  readonly file: string
  readonly text: string
  readonly program: ParseResult<File>['program']
  readonly comments: readonly Comment[]
}

/** The parsed TypeScript files that match these patterns, sorted by name; files of packages are never among them. */
export async function readSources(root: string, patterns: readonly string[]): Promise<readonly Source[]> {
  const files = await listFiles(root, patterns)
  return Promise.all(files.map(async (file) => parseSource(file, await readFile(join(root, file), 'utf8'))))
}

/** The files that match these patterns, relative to `root`, sorted. */
export async function listFiles(root: string, patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = []
  const exclude = (name: string) => /(^|[\\/])(node_modules|dist|results|\.venv)$/.test(name)
  for await (const file of glob([...patterns], { cwd: root, exclude })) files.push(file.replaceAll('\\', '/'))
  return files.sort()
}

/** A file's text as a parsed source; throws an Error that names the file when it cannot be parsed. */
export function parseSource(file: string, text: string): Source {
  try {
    const parsed = parse(text, {
      sourceType: 'module',
      plugins: ['typescript', 'explicitResourceManagement'],
    })
    return { file, text, program: parsed.program, comments: parsed.comments ?? [] }
  } catch (error) {
    throw new Error(`${file} cannot be parsed: ${toError(error).message}`, { cause: error })
  }
}

/** Visits every node below `node`, itself included, with the nodes that contain it (the outermost first). */
export function walk(node: Node, visit: (node: Node, parents: readonly Node[]) => void): void {
  const parents: Node[] = []
  const enter = (current: Node): void => {
    visit(current, parents)
    parents.push(current)
    for (const child of childrenOf(current)) enter(child)
    parents.pop()
  }
  enter(node)
}

/** The line on which a node begins. */
export function lineOf(node: { readonly loc?: Node['loc'] }): number {
  return node.loc?.start.line ?? 1
}

/** What a module takes from others: `lazy` for `import()` and `require()`, `types` for what is gone at run time. */
export interface Import {
  readonly from: string
  readonly line: number
  readonly kind: 'value' | 'types' | 'lazy'
}

/** Every import and re-export of a source whose specifier is written out. */
export function importsOf(source: Source): readonly Import[] {
  const found: Import[] = []
  walk(source.program, (node) => {
    if (node.type === 'ImportDeclaration') {
      found.push({
        from: node.source.value,
        line: lineOf(node),
        kind: node.importKind === 'type' ? 'types' : 'value',
      })
    } else if (node.type === 'ExportAllDeclaration' || node.type === 'ExportNamedDeclaration') {
      if (node.source)
        found.push({
          from: node.source.value,
          line: lineOf(node),
          kind: node.exportKind === 'type' ? 'types' : 'value',
        })
    } else if (node.type === 'CallExpression' && isLoading(node.callee)) {
      const [from] = node.arguments
      if (from?.type === 'StringLiteral') found.push({ from: from.value, line: lineOf(node), kind: 'lazy' })
    } else if (node.type === 'TSImportType') {
      const from = node.argument
      if (from.type === 'StringLiteral') found.push({ from: from.value, line: lineOf(node), kind: 'types' })
    }
  })
  return found
}

function isLoading(callee: Node): boolean {
  return callee.type === 'Import' || (callee.type === 'Identifier' && callee.name === 'require')
}

function childrenOf(node: Node): readonly Node[] {
  const values = Object.entries(node).filter(([key]) => !key.endsWith('Comments') && key !== 'loc')
  return values.flatMap(([, value]) => (Array.isArray(value) ? value : [value])).filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
