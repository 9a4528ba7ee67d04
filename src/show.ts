import { inspect } from 'node:util'
import { isPeriod } from './duration.ts'

const LONGEST = 200

/** A value as failures print it: one line, bounded, numbers without noise, periods in words. */
export function show(value: unknown): string {
  if (typeof value === 'number') return showNumber(value)
  if (typeof value === 'string') return shorten(JSON.stringify(value))
  if (isPeriod(value)) return value.toString()
  if (value instanceof Error) return value.message
  return shorten(
    inspect(value, {
      depth: 4,
      breakLength: Number.POSITIVE_INFINITY,
      maxArrayLength: 20,
      maxStringLength: 100,
    }),
  )
}

/** At most `longest` characters, the middle cut out and marked. */
export function shorten(text: string, longest = LONGEST): string {
  if (text.length <= longest) return text
  const half = Math.floor((longest - 3) / 2)
  return `${text.slice(0, half)} … ${text.slice(-half)}`
}

function showNumber(value: number): string {
  return Number.isInteger(value) || !Number.isFinite(value)
    ? String(value)
    : String(Number(value.toPrecision(6)))
}
