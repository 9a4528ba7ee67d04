import type { View } from './store.ts'

const SHORTEST = 5

/** How long the run was. */
export interface Extent {
  readonly end: number
}

/** A view inside of the run, with a little room around it. */
export function clampView({ from, to }: View, { end }: Extent): View {
  const room = Math.max(end * 0.01, 1)
  const whole = end + 2 * room
  const span = Math.min(Math.max(to - from, SHORTEST), whole)
  const start = Math.min(Math.max(from, -room), end + room - span)
  return { from: start, to: start + span }
}

/** The view made longer (`factor` above 1) or shorter; what is at `around` stays where it is. */
export function zoom(
  { from, to }: View,
  { factor, around = (from + to) / 2 }: { readonly factor: number; readonly around?: number },
  extent: Extent,
): View {
  return clampView({ from: around - (around - from) * factor, to: around + (to - around) * factor }, extent)
}

/** The view moved by a part of its own length. */
export function pan({ from, to }: View, by: number, extent: Extent): View {
  const shift = (to - from) * by
  return clampView({ from: from + shift, to: to + shift }, extent)
}

/** A view of a part of the run with some room on both sides. */
export function around({ from, to }: View, extent: Extent): View {
  const room = Math.max((to - from) * 0.25, 20)
  return clampView({ from: from - room, to: to + room }, extent)
}
