/**
 * Short names for scripts: the file without folder and ending, with as many folders in front as tell them apart, and
 * without a beginning that all of them share: `exporter_redis` and `exporter_files` are `redis` and `files`.
 */
export interface Names {
  add(files: readonly string[]): void
  nameOf(file: string): string
  /** The names of the scripts that were added. */
  readonly all: readonly string[]
}

/** Knows no script yet. A name never changes, so that a longer one may appear only for a script that is added later. */
export function createNames(): Names {
  const names = new Map<string, string>()
  return {
    add(files) {
      const known = new Set([...names.keys(), ...files])
      const added = files.filter((file) => !names.has(file))
      const short = added.map((file) => shortest(file, known))
      const shared = names.size === 0 ? sharedBeginning(short) : 0
      for (const [index, file] of added.entries()) names.set(file, short[index]?.slice(shared) ?? file)
    },
    nameOf: (file) => names.get(file) ?? shortest(file, []),
    get all() {
      return [...names.values()]
    },
  }
}

function shortest(file: string, all: Iterable<string>): string {
  const others = [...all].filter((other) => other !== file).map(split)
  const parts = split(file)
  for (let length = 1; length <= parts.length; length += 1) {
    const name = parts.slice(-length).join('/')
    if (!others.some((other) => other.slice(-length).join('/') === name)) return name
  }
  return file
}

/** How many characters all names begin with, whole words only. */
function sharedBeginning(names: readonly string[]): number {
  const [first = '', ...others] = names
  if (others.length === 0) return 0
  const ends = [...first.matchAll(/[-_./]+/g)].map((found) => found.index + found[0].length)
  const shared = ends.filter(
    (end) => end < first.length && others.every((other) => begins(other, first.slice(0, end))),
  )
  return Math.max(0, ...shared)
}

function begins(name: string, beginning: string): boolean {
  return name.startsWith(beginning) && name.length > beginning.length
}

function split(file: string): readonly string[] {
  return file
    .replace(/\.[cm]?[jt]s$/, '')
    .split(/[\\/]/)
    .filter((part) => part !== '')
}
