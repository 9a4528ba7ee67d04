/** A piece of a script's text. Comments, spaces and regular expressions are none. */
export interface Token {
  readonly kind: 'word' | 'text' | 'template' | 'sign'
  /** Of a text its content, of a template what stands between its backticks. */
  readonly value: string
  readonly start: number
}

const SPACE = /\s+/y
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$]*/uy
const NUMBER = /\d[\w.]*/y
const TEXT = /'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)"/y
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y
/** Behind these a slash divides; anywhere else it begins a regular expression. */
const VALUE_ENDS = /^[)\]}]$/
const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'await',
  'yield',
])

/** The tokens of TypeScript, well enough to find calls and literals in it: what is no TypeScript gives some tokens, too. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found !== null) at = pattern.lastIndex
    return found ?? undefined
  }
  while (at < text.length) {
    const start = at
    if (take(SPACE) ?? take(COMMENT)) continue
    const word = take(WORD) ?? take(NUMBER)
    const literal = word ?? take(TEXT)
    if (word !== undefined) tokens.push({ kind: 'word', value: word[0], start })
    else if (literal !== undefined)
      tokens.push({ kind: 'text', value: spell(literal[1] ?? literal[2] ?? ''), start })
    else if (text[at] === '`') {
      at = endOfTemplate(text, at)
      tokens.push({ kind: 'template', value: text.slice(start + 1, at - 1), start })
    } else if (text[at] !== '/' || isDivision(tokens.at(-1)) || take(REGEX) === undefined) {
      tokens.push({ kind: 'sign', value: text[at] ?? '', start })
      at += 1
    }
  }
  return tokens
}

function isDivision(before: Token | undefined): boolean {
  if (before === undefined) return false
  if (before.kind === 'sign') return VALUE_ENDS.test(before.value)
  return before.kind !== 'word' || !BEFORE_REGEX.has(before.value)
}

/** Behind the closing backtick; templates inside of its `${…}` are passed over, too. */
function endOfTemplate(text: string, start: number): number {
  let depth = 0
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (depth === 0 && text[at] === '`') return at + 1
    else if (text[at] === '$' && text[at + 1] === '{') {
      depth += 1
      at += 1
    } else if (depth > 0 && text[at] === '{') depth += 1
    else if (depth > 0 && text[at] === '}') depth -= 1
    else if (depth > 0 && text[at] === '`') at = endOfTemplate(text, at) - 1
  }
  return text.length
}

/** The escapes that titles have; another one stands for its character. */
function spell(text: string): string {
  return text.replaceAll(/\\(u\{[\da-f]+\}|u[\da-f]{4}|x[\da-f]{2}|[\s\S])/gi, (_, escaped: string) => {
    const [, code] = /^[ux]\{?([\da-f]+)\}?$/i.exec(escaped) ?? []
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
    return { n: '\n', t: '\t', r: '\r', '\n': '' }[escaped] ?? escaped
  })
}
