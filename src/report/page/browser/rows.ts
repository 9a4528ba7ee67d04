/** Lays spans into as few rows as possible, so that none overlaps another one in its row; gives the row of each. */
export function packRows(
  spans: readonly { readonly from: number; readonly to: number; readonly least: number }[],
): readonly number[] {
  const ends: number[] = []
  return spans.map(({ from, to, least }) => {
    let row = least
    while ((ends[row] ?? Number.NEGATIVE_INFINITY) > from) row += 1
    ends[row] = to
    return row
  })
}
