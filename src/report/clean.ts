/** Colours and other styling (an escape, `[`, numbers, `m`): nothing is lost without them. */
const STYLING = /[\p{Cc}--[\t\n]]\[[\d;:]*m/gv
/**
 * What a terminal or a viewer obeys: control characters but tab and line feed, what turns the direction of text around,
 * by which a line can look like another one; and halves of characters, which no encoding can write.
 */
const COMMANDS = /[[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]--[\t\n]]/gv
const SUSPICIOUS = new RegExp(COMMANDS.source, 'v')

/** Text that others wrote, so that it is shown and never obeyed: styling is dropped, every other command is spelt out. */
export function cleanText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text
  return text.replaceAll('\r\n', '\n').replace(STYLING, '').replace(COMMANDS, spell)
}

/** A value with every text in it cleaned; the same value where there is nothing to clean. */
export function cleanDeep<T>(value: T): T {
  return cleanAny(value) as T // cleaning changes texts only, never the shape
}

/** Text as one line: line breaks become spaces. */
export function toOneLine(text: string): string {
  return text.includes('\n') ? text.trim().replace(/\s*\n\s*/g, ' ') : text
}

function cleanAny(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (Array.isArray(value)) return value.some(isDirty) ? value.map(cleanAny) : value
  if (typeof value !== 'object' || value === null) return value
  if (!isDirty(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [cleanText(key), cleanAny(part)]))
}

function isDirty(value: unknown): boolean {
  if (typeof value === 'string') return SUSPICIOUS.test(value)
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(isDirty)
  for (const key in value) {
    if (SUSPICIOUS.test(key) || isDirty(Reflect.get(value, key))) return true
  }
  return false
}

function spell(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
}
