/** Says whether a text is meant, and where in it. */
export interface Match {
  test(text: string): boolean
  /** The parts of a text, every second one is what was searched for. */
  split(text: string): readonly string[]
  /** True for a pattern that cannot be read: it finds nothing. */
  readonly isBroken: boolean
}

/** What somebody typed into a search field: a text in any case, or `/a pattern/`. */
export function createMatch(search: string): Match {
  const pattern = patternOf(search)
  if (pattern === undefined) {
    const isBroken = search !== ''
    return { test: () => !isBroken, split: (text) => [text], isBroken }
  }
  const tester = new RegExp(pattern, 'i')
  const finder = new RegExp(`(${pattern})`, 'gi')
  return {
    test: (text) => tester.test(text),
    split(text) {
      const parts: string[] = []
      let end = 0
      for (const { 0: found, index } of text.matchAll(finder)) {
        if (found === '') continue
        parts.push(text.slice(end, index), found)
        end = index + found.length
      }
      return [...parts, text.slice(end)]
    },
    isBroken: false,
  }
}

function patternOf(search: string): string | undefined {
  if (search === '') return undefined
  const [, pattern] = /^\/(.+?)\/?$/.exec(search) ?? []
  if (pattern === undefined) return search.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  try {
    new RegExp(pattern)
    return pattern
  } catch {
    return undefined // somebody is still typing it
  }
}
