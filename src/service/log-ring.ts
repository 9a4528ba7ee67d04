/** Keeps the last items, bounded in number and in size. */
export interface Ring<T> {
  push(item: T, size: number): void
  /** The last `count`, the oldest first. */
  last(count: number): readonly T[]
  /** All that are still there, the oldest first. */
  items(): readonly T[]
  /** True when something had to go. */
  readonly overflowed: boolean
}

/** A ring that holds at most `most` items of together at most `largest`; the newest always fits. */
export function createRing<T>(most: number, largest: number): Ring<T> {
  // Two halves: dropping the older one is cheap, and what is left is always more than half of the bound.
  let older: T[] = []
  let newer: T[] = []
  let size = 0
  let overflowed = false
  return {
    push(item, itemSize) {
      if (newer.length >= most / 2 || (newer.length > 0 && size + itemSize > largest / 2)) {
        overflowed ||= older.length > 0
        older = newer
        newer = []
        size = 0
      }
      newer.push(item)
      size += itemSize
    },
    last(count) {
      if (count <= newer.length) return newer.slice(newer.length - count)
      return [...older.slice(Math.max(older.length - (count - newer.length), 0)), ...newer]
    },
    items: () => [...older, ...newer],
    get overflowed() {
      return overflowed
    },
  }
}
