import { type Token, tokensOf } from './tokens.ts'

/** A scenario as a script's text has it: nothing was run to find out. */
export interface Scanned {
  /** Undefined where it is not written down but computed. */
  readonly title: string | undefined
  readonly tags: readonly string[]
  readonly requires: readonly string[]
  readonly exclusive: readonly string[]
  readonly line: number
  /** True where the title or one of the lists is computed: then only the script itself knows. */
  readonly computed: boolean
}

type Values = ReadonlyMap<string, string | readonly string[]>

interface Options {
  readonly lists: Readonly<Record<string, readonly string[]>>
  readonly computed: boolean
}

const LISTS: readonly string[] = ['tags', 'requires', 'exclusive']
const OPENING = new Set(['(', '[', '{'])
const CLOSING = new Set([')', ']', '}'])

/**
 * The scenarios that are written down in a script: calls of `scenario` with titles and lists that are literals, or
 * constants of the same file that are.
 */
export function scanScenarios(text: string): readonly Scanned[] {
  if (!text.includes('scenario')) return []
  const tokens = tokensOf(text)
  const values = constantsIn(tokens)
  const lineOf = createLines(text)
  return tokens.flatMap((token, index) => {
    const isCall = token.value === 'scenario' && token.kind === 'word' && isSign(tokens[index + 1], '(')
    const before = tokens[index - 1]
    if (!isCall || isSign(before, '.') || before?.value === 'function') return []
    return [readCall(tokens, index + 2, { values, line: lineOf(token.start) })]
  })
}

function readCall(
  tokens: readonly Token[],
  from: number,
  { values, line }: { readonly values: Values; readonly line: number },
): Scanned {
  const end = endOfValue(tokens, from)
  const title = end === from + 1 ? textOf(tokens[from], values) : undefined
  const options = optionsAt(tokens, end + 1, values)
  const { tags = [], requires = [], exclusive = [] } = options.lists
  return { title, tags, requires, exclusive, line, computed: title === undefined || options.computed }
}

function optionsAt(tokens: readonly Token[], from: number, values: Values): Options {
  if (!isSign(tokens[from], '{')) {
    // Something else before the last argument: options that have a name.
    const end = endOfValue(tokens, from)
    const follows = isSign(tokens[end], ',') && !isSign(tokens[end + 1], ')')
    return { lists: {}, computed: follows }
  }
  const lists: Record<string, readonly string[]> = {}
  let computed = false
  for (let at = from + 1; at < tokens.length && !isSign(tokens[at], '}'); ) {
    const name = tokens[at]?.value ?? ''
    const isPair = isSign(tokens[at + 1], ':')
    const value = isPair ? at + 2 : at
    const end = endOfValue(tokens, value)
    if (name === '.') computed = true
    if (LISTS.includes(name)) {
      const list = listAt(tokens.slice(value, end), values)
      if (list === undefined) computed = true
      else lists[name] = list
    }
    at = isSign(tokens[end], ',') ? end + 1 : end
  }
  return { lists, computed }
}

/** `['a', 'b']`, or the name of a constant that is such a list. */
function listAt(tokens: readonly Token[], values: Values): readonly string[] | undefined {
  const [first, ...rest] = tokens
  if (first?.kind === 'word' && rest.length === 0) {
    const known = values.get(first.value)
    return typeof known === 'string' ? undefined : known
  }
  if (!isSign(first, '[')) return undefined
  const items = rest.slice(0, -1).filter((token) => !isSign(token, ','))
  const texts = items.map((token) => textOf(token, values))
  return texts.every((text) => text !== undefined) ? texts : undefined
}

function textOf(token: Token | undefined, values: Values): string | undefined {
  if (token?.kind === 'text') return token.value
  const known = token?.kind === 'word' ? values.get(token.value) : undefined
  if (typeof known === 'string') return known
  if (token?.kind !== 'template') return undefined
  const filled = token.value.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => {
    const value = values.get(name)
    return typeof value === 'string' ? value : whole
  })
  return filled.includes('${') || filled.includes('\\') ? undefined : filled
}

/** Constants whose value is written down: a text, or a list of texts. */
function constantsIn(tokens: readonly Token[]): Values {
  const values = new Map<string, string | readonly string[]>()
  for (const [index, { kind, value }] of tokens.entries()) {
    const name = tokens[index + 1]
    if (kind !== 'word' || value !== 'const' || name === undefined || !isSign(tokens[index + 2], '='))
      continue
    const first = index + 3
    const end = isSign(tokens[first], '[') ? endOfValue(tokens, first) : first + 1
    const known = textOf(tokens[first], values) ?? listAt(withoutAs(tokens.slice(first, end)), values)
    if (known !== undefined) values.set(name.value, known)
  }
  return values
}

/** `['a'] as const` is `['a']`; what follows on the next line is nothing of it. */
function withoutAs(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex((token) => isSign(token, ']'))
  return end < 0 ? tokens : tokens.slice(0, end + 1)
}

/** Where a value that begins here has ended: at the comma or bracket behind it. */
function endOfValue(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token?.kind !== 'sign') continue
    if (depth === 0 && (token.value === ',' || CLOSING.has(token.value))) return at
    if (OPENING.has(token.value)) depth += 1
    if (CLOSING.has(token.value)) depth -= 1
  }
  return tokens.length
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.value === sign
}

function createLines(text: string): (at: number) => number {
  let [line, seen] = [1, 0]
  return (at) => {
    for (; seen < at; seen += 1) if (text[seen] === '\n') line += 1
    return line
  }
}
