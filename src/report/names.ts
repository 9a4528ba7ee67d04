/** Short names for scripts: the file without folder and ending, with as many folders in front as tell them apart. */
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
      for (const file of files) if (!names.has(file)) names.set(file, shortest(file, known))
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

function split(file: string): readonly string[] {
  return file
    .replace(/\.[cm]?[jt]s$/, '')
    .split(/[\\/]/)
    .filter((part) => part !== '')
}
