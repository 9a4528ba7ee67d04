import type { Comment, Function as FunctionNode, Node } from '@babel/types'
import { type Finding, lineOf, readSources, type Source, walk } from './source.ts'

const FILE_LINES = 200
/** A table of cases may be longer than what it is about. */
const TEST_LINES = 400
const FUNCTION_LINES = 40
const PARAMETERS = 3
const NESTING = 3

/** The kinds of folders: what ships and what is run holds all rules, tests and fixtures those that are about types. */
const STRICT = ['src/**/*.{ts,mts}', 'scripts/**/*.{ts,mts}', '*.mts']
const LOOSE = ['test/**/*.ts', 'e2e/**/*.{ts,mts}', 'bench/**/*.{ts,mts}']

type Tell = (node: { readonly loc?: Node['loc'] }, message: string) => void

/** Everything in the project's TypeScript that breaks the house rules that a machine can see. */
export async function checkStyle(
  root: string,
): Promise<{ readonly findings: readonly Finding[]; readonly at: number }> {
  const [strict, loose] = await Promise.all([readSources(root, STRICT), readSources(root, LOOSE)])
  const findings = [
    ...strict.flatMap((source) => styleOf(source, true)),
    ...loose.flatMap((source) => styleOf(source, false)),
  ]
  return { findings, at: strict.length + loose.length }
}

/** The findings in one file; `strict` adds the rules about sizes and documentation. */
export function styleOf(source: Source, strict: boolean): readonly Finding[] {
  const findings: Finding[] = []
  const tell: Tell = (node, message) => findings.push({ file: source.file, line: lineOf(node), message })
  checkName(source, tell)
  checkComments(source.comments, tell)
  const lines = source.text.trimEnd().split('\n').length
  const most = strict ? FILE_LINES : TEST_LINES
  if (lines > most) tell({}, `has ${lines} lines; ${most} at most`)
  if (strict) checkExports(source, tell)
  walk(source.program, (node, parents) => {
    checkTypes(node, source, tell)
    checkDeclarations(node, source, tell)
    if (isFunction(node)) checkFunction(node, strict, tell)
    if (isBlock(node, parents.at(-1))) checkNesting(node, parents, tell)
  })
  return findings.sort((a, b) => a.line - b.line)
}

/** What is run is snake_case.mts, what is imported kebab-case.ts: the name says which is which. */
function checkName({ file }: Source, tell: Tell): void {
  const name = file.split('/').at(-1) ?? ''
  const fits = name.endsWith('.mts')
    ? /^[a-z0-9]+(_[a-z0-9]+)*\.mts$/
    : /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/
  if (!fits.test(name))
    tell({}, `is not named as ${name.endsWith('.mts') ? 'snake_case.mts' : 'kebab-case.ts'}`)
  if (/(^|\/)(utils?|helpers?|common|misc)(\.ts|\/)/.test(file) && !file.startsWith('test/')) {
    tell({}, 'has a name that says nothing: name it after what it does')
  }
}

function checkComments(comments: readonly Comment[], tell: Tell): void {
  for (const comment of comments) {
    if (/@ts-(ignore|nocheck)\b/.test(comment.value)) tell(comment, 'silences the compiler')
    if (/@ts-expect-error\s*$/.test(comment.value)) tell(comment, 'expects an error without saying why')
    if (/biome-ignore[^:]*(:\s*)?$/.test(comment.value))
      tell(comment, 'silences the linter without saying why')
  }
}

function checkTypes(node: Node, source: Source, tell: Tell): void {
  if (node.type === 'TSNonNullExpression') tell(node, "has a non-null '!': check it, or make the type say it")
  if (node.type === 'TSAnyKeyword') tell(node, "has an 'any': unknown says the same and is checked")
  if (node.type === 'TSTypeAssertion') tell(node, 'has a cast in angle brackets')
  if (node.type !== 'TSAsExpression' || isConst(node.typeAnnotation)) return
  const line = node.loc?.end.line
  const reasoned = source.comments.some(
    (comment) => comment.loc?.start.line === line && comment.value.trim() !== '',
  )
  if (!reasoned)
    tell(node, "has an 'as' without a reason on its line: check the value, or say why this holds")
}

function checkDeclarations(node: Node, { file }: Source, tell: Tell): void {
  if (node.type === 'ExportDefaultDeclaration') tell(node, 'exports a default: give it a name')
  const isBarrel =
    node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node.source)
  if (isBarrel && file !== 'src/index.ts')
    tell(node, 'hands on what another file exports: import that file where it is used')
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    const [name, parent] = [
      node.id?.name ?? '',
      node.superClass?.type === 'Identifier' ? node.superClass.name : '',
    ]
    if (!/(Error|Failure|Skip)$/.test(parent) && name !== 'Scope')
      tell(node, `is a class (${name}): only errors and Scope are`)
  }
  if (
    node.type === 'CatchClause' &&
    node.body.body.length === 0 &&
    !statesFact(node.body.innerComments ?? [])
  ) {
    tell(node, 'has an empty catch: state the fact that makes it safe')
  }
}

function checkFunction(node: FunctionNode, strict: boolean, tell: Tell): void {
  const lines = linesOf(node) - innerFunctions(node).reduce((sum, inner) => sum + linesOf(inner), 0)
  if (strict && lines > FUNCTION_LINES)
    tell(node, `has a function of ${lines} lines; ${FUNCTION_LINES} at most`)
  const parameters = node.params.filter((one) => !(one.type === 'Identifier' && one.name === 'this'))
  if (parameters.length > PARAMETERS) {
    tell(
      node,
      `has a function with ${parameters.length} parameters; after ${PARAMETERS}, take an options object`,
    )
  }
}

/** The functions inside that have a name of their own: they are counted apart, as methods of a class would be. */
function innerFunctions(node: FunctionNode): readonly FunctionNode[] {
  const found: FunctionNode[] = []
  walk(node.body, (inner, parents) => {
    const named = inner.type === 'FunctionDeclaration' || inner.type === 'ObjectMethod'
    const assigned = /^(VariableDeclarator|ObjectProperty)$/.test(parents.at(-1)?.type ?? '')
    if (isFunction(inner) && (named || assigned) && !parents.some((parent) => isFunction(parent)))
      found.push(inner)
  })
  return found
}

function linesOf(node: Node): number {
  return node.loc ? node.loc.end.line - node.loc.start.line + 1 : 0
}

function checkNesting(node: Node, parents: readonly Node[], tell: Tell): void {
  const start = parents.findLastIndex(isFunction)
  const inside = parents.slice(start + 1)
  const depth = inside.filter((one, index) => isBlock(one, inside[index - 1] ?? parents[start])).length + 1
  if (depth > NESTING)
    tell(node, `is nested ${depth} deep; ${NESTING} at most: return early, or name the inner part`)
}

/** One plain sentence above each thing that a file exports. An overload, or the next of a block of one-liners, shares the first one's. */
function checkExports({ program, comments }: Source, tell: Tell): void {
  let told = { name: '', end: Number.NaN }
  for (const node of program.body) {
    if (node.type !== 'ExportNamedDeclaration' || !node.declaration) continue
    const name = nameOf(node.declaration)
    const end = node.loc?.end.line ?? 0
    const isAbove = (line: number | undefined) => line === lineOf(node) - 1
    const own = comments.some((comment) => isAbove(comment.loc?.end.line) && /\w+\W+\w+/.test(comment.value))
    const shared = name === told.name || (isAbove(told.end) && linesOf(node) === 1)
    if (own || shared) told = { name, end }
    else tell(node, `exports ${name} without a sentence above that says what it guarantees`)
  }
}

function nameOf(node: Node): string {
  if (node.type === 'VariableDeclaration') return node.declarations.map(({ id }) => nameOf(id)).join(', ')
  if (node.type === 'Identifier') return node.name
  return 'id' in node && typeof node.id === 'object' && node.id?.type === 'Identifier'
    ? node.id.name
    : node.type
}

function isConst(node: Node): boolean {
  return (
    node.type === 'TSTypeReference' && node.typeName.type === 'Identifier' && node.typeName.name === 'const'
  )
}

function isFunction(node: Node): node is FunctionNode {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(
    node.type,
  )
}

/** A statement that nests; `else if` goes on at the depth of its `if`. */
function isBlock(node: Node, parent: Node | undefined): boolean {
  if (node.type === 'IfStatement') return !(parent?.type === 'IfStatement' && parent.alternate === node)
  return /^(For|ForIn|ForOf|While|DoWhile|Switch|Try)Statement$/.test(node.type)
}

function statesFact(comments: readonly Comment[]): boolean {
  return comments.some((comment) => comment.value.trim().length >= 10)
}
