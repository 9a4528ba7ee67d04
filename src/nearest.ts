/** The name closest to `name`, for "did you mean"; undefined when none is close. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { name: candidate, distance }
  }
  if (best === undefined) return undefined
  const contained = best.name.includes(name) || name.includes(best.name)
  return best.distance <= Math.max(2, Math.ceil(name.length / 3)) || contained ? best.name : undefined
}

/** The hint of an error about an unknown name: the nearest one, else all of them. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const known = [...names]
  const close = nearest(name, known)
  return close === undefined ? `known are: ${known.join(', ')}` : `did you mean ${close}?`
}

/** Levenshtein's distance with the swap of two neighbours as one edit. */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const change = left[i - 1] === right[j - 1] ? 0 : 1
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + change)
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[right.length] ?? 0
}
