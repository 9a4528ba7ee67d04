/** A part that is shorter than this is in too many names. */
const SHORTEST_PART = 3

/** The name closest to `name`, for "did you mean"; undefined when none is close. One that contains it, or is a part of it, is. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const candidate of names) {
    const distance = distanceBetween(wanted, candidate.toLowerCase())
    if (distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { name: candidate, distance }
  }
  return best !== undefined && best.distance <= Math.max(2, Math.ceil(name.length / 3))
    ? best.name
    : undefined
}

/** The hint of an error about an unknown name: the nearest one, else all of them. */
export function didYouMean(name: string, names: Iterable<string>): string {
  const known = [...names]
  const close = nearest(name, known)
  return close === undefined ? `known are: ${known.join(', ')}` : `did you mean ${close}?`
}

function distanceBetween(left: string, right: string): number {
  const edits = editDistance(left, right)
  const [short, long] = left.length < right.length ? [left, right] : [right, left]
  const isPart = short.length >= SHORTEST_PART && long.includes(short)
  return isPart ? Math.min(edits, 2) : edits
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
