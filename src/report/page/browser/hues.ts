import type { PageModel } from '../model.ts'

/** Hues that are told apart, none of them near the red of a failure. */
const HUES: readonly number[] = [250, 150, 310, 75, 200, 340, 110, 280, 175, 50]

/** A colour for each service, the same in every script and everywhere in the page. */
export function createHues({ lives, logs }: PageModel): (service: string) => number {
  const names = [...new Set([...lives, ...logs.sources].map(({ service }) => service))]
  const hues = new Map(names.map((name, index) => [name, HUES[index % HUES.length] ?? 0]))
  return (service) => hues.get(service) ?? 0
}
