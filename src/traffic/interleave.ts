/** Something and how often it is to come in proportion to the others. */
export interface Weighted {
  readonly weight: number
}

/**
 * A function that gives the next item so that each comes in exact proportion to its weight and as evenly spread as
 * can be: a b a a b a … for 2 and 1 (smooth weighted round-robin, as nginx balances). At least one item is needed.
 */
export function interleave<T extends Weighted>(items: readonly T[]): () => T {
  const turns = items.map((item) => ({ item, weight: item.weight, credit: 0 }))
  const total = items.reduce((sum, { weight }) => sum + weight, 0)
  const [first] = turns
  if (first === undefined) throw new RangeError('nothing to interleave')
  return () => {
    let best = first
    for (const turn of turns) {
      turn.credit += turn.weight
      if (turn.credit > best.credit) best = turn
    }
    best.credit -= total
    return best.item
  }
}
