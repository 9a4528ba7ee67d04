import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** Paints text, or leaves it as it is where there are no colours. */
export type Paint = (format: Format, text: string) => string

/** Colours by ANSI escapes when they are wanted. An empty text stays empty. */
export function createPaint(colors: boolean): Paint {
  if (!colors) return (_, text) => text
  return (format, text) => (text === '' ? '' : styleText(format, text, { validateStream: false }))
}
