/** Tells whether a key matches a pattern of Redis: `*`, `?`, `[a-z]`, `[^a-z]`, `\` before what is meant literally. Bytes, as in Redis. */
export function createGlob(pattern: string): (key: string) => boolean {
  const tokens = readTokens(toBytes(pattern))
  return (key) => matches(tokens, toBytes(key))
}

type Token = 'any number' | ((byte: string) => boolean)

/** One character a byte: Redis counts bytes, so that `?` is half of an umlaut. */
function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function readTokens(pattern: string): readonly Token[] {
  const tokens: Token[] = []
  let rest = pattern
  while (rest !== '') {
    const [token, length] = readToken(rest)
    if (token !== 'any number' || tokens.at(-1) !== 'any number') tokens.push(token)
    rest = rest.slice(length)
  }
  return tokens
}

function readToken(rest: string): readonly [token: Token, length: number] {
  const [first = '', second] = rest
  if (first === '*') return ['any number', 1]
  if (first === '?') return [() => true, 1]
  if (first === '[') return readSet(rest)
  if (first === '\\' && second !== undefined) return [(byte) => byte === second, 2]
  return [(byte) => byte === first, 1]
}

/** A set that is never closed goes on to the end of the pattern, as in Redis. */
function readSet(rest: string): readonly [token: Token, length: number] {
  const ranges: (readonly [low: string, high: string])[] = []
  const negated = rest[1] === '^'
  let index = negated ? 2 : 1
  while (index < rest.length && rest[index] !== ']') {
    const [range, length] = readRange(rest.slice(index))
    ranges.push(range)
    index += length
  }
  const includes = (byte: string) => ranges.some(([low, high]) => byte >= low && byte <= high)
  return [(byte) => includes(byte) !== negated, Math.min(index + 1, rest.length)]
}

function readRange(rest: string): readonly [range: readonly [low: string, high: string], length: number] {
  const [first = '', second, third] = rest
  if (first === '\\' && second !== undefined) return [[second, second], 2]
  if (second !== '-' || third === undefined) return [[first, first], 1]
  return [first < third ? [first, third] : [third, first], 3]
}

/** Goes back to the last `*` where the rest does not fit: no pattern takes more than tokens times bytes. */
function matches(tokens: readonly Token[], key: string): boolean {
  let token = 0
  let star = -1
  let retry = 0
  for (let index = 0; index < key.length; ) {
    const now = tokens[token]
    if (now === 'any number') {
      star = token
      retry = index
      token += 1
    } else if (now?.(key[index] ?? '') === true) {
      token += 1
      index += 1
    } else if (star >= 0) {
      token = star + 1
      retry += 1
      index = retry
    } else return false
  }
  return tokens.slice(token).every((left) => left === 'any number')
}
