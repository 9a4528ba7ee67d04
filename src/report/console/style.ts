import { formatDuration } from '../../duration.ts'
import type { Outcome } from '../../event.ts'
import { createPaint, type Paint } from '../paint.ts'
import { type Symbols, symbolsFor } from '../symbols.ts'

/** How a console looks: its signs and colours. */
export interface Style {
  readonly signs: Symbols
  readonly paint: Paint
  /** The sign of an outcome in its colour. */
  outcome(outcome: Outcome): string
  /** A time behind a title. */
  time(seconds: number): string
}

const COLORS = { passed: 'green', failed: 'red', skipped: 'yellow', interrupted: 'magenta' } as const

/** The style for a screen with or without colours and Unicode. */
export function createStyle(screen: { readonly colors: boolean; readonly unicode: boolean }): Style {
  const paint = createPaint(screen.colors)
  const signs = symbolsFor(screen.unicode)
  return {
    signs,
    paint,
    outcome: (outcome) => paint(COLORS[outcome], signs[outcome]),
    time: (seconds) => paint('dim', formatDuration(seconds * 1000)),
  }
}

/** `1 step`, `2 steps`. */
export function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`
}
