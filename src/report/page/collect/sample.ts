/** At most so many of the items, evenly chosen; the first and the last are always among them. */
export function sample<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items
  const step = (items.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)]).filter(
    (item): item is T => item !== undefined,
  )
}

/** A text, cut where it is longer, with how much of it is missing. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} … ${text.length - most} more characters`
}
