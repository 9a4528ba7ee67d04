import { UsageError } from '../error.ts'

/** Which scenarios are wanted, in words about their tags: `p0 and not slow`, `redis or (yaml and p1)`. */
export interface TagWish {
  /** Every tag that it names. */
  readonly names: readonly string[]
  fits(tags: readonly string[]): boolean
}

type Fits = (tags: readonly string[]) => boolean

interface Reading {
  readonly text: string
  readonly words: string[]
  readonly names: string[]
}

const WORDS: readonly string[] = ['and', 'or', 'not', '(', ')']
const HINT = "write it as 'p0 and not slow', 'a or (b and c)'"

/** Reads such a wish: `not` binds closest, then `and`, then `or`. Throws a UsageError for what is none. */
export function readTags(text: string): TagWish {
  const reading: Reading = { text, words: text.match(/[()]|[^\s()]+/g) ?? [], names: [] }
  const fits = readEither(reading)
  const [next] = reading.words
  if (next !== undefined) throw refuse(reading, `${next} follows where it should end`)
  return { names: reading.names, fits }
}

function readEither(reading: Reading): Fits {
  const first = readBoth(reading)
  if (!take(reading, 'or')) return first
  const second = readEither(reading)
  return (tags) => first(tags) || second(tags)
}

function readBoth(reading: Reading): Fits {
  const first = readOne(reading)
  if (!take(reading, 'and')) return first
  const second = readBoth(reading)
  return (tags) => first(tags) && second(tags)
}

function readOne(reading: Reading): Fits {
  if (take(reading, 'not')) {
    const fits = readOne(reading)
    return (tags) => !fits(tags)
  }
  if (take(reading, '(')) {
    const fits = readEither(reading)
    if (!take(reading, ')')) throw refuse(reading, 'a parenthesis is not closed')
    return fits
  }
  const name = reading.words.shift()
  if (name === undefined || WORDS.includes(name))
    throw refuse(reading, `a tag is missing${name === undefined ? ' at the end' : ` before ${name}`}`)
  reading.names.push(name)
  return (tags) => tags.includes(name)
}

function take({ words }: Reading, word: string): boolean {
  if (words[0] !== word) return false
  words.shift()
  return true
}

function refuse({ text }: Reading, why: string): UsageError {
  return new UsageError(`--tag ${text}: ${why}`, { hint: HINT })
}
