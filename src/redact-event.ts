import { redact } from './redact.ts'

/** What events are told apart by: nobody puts a secret there, and a secret that reads `failed` must not change it. */
const SPARED: ReadonlySet<string> = new Set([
  'kind',
  'outcome',
  'code',
  'id',
  'parent',
  'script',
  'scenario',
  'step',
  'signal',
  'stream',
  'matcher',
  'level',
  'service',
])

/** An event without any registered secret in what it says; the same object where there is none in it. */
export function redactEvent<T extends object>(event: T): T {
  return redactAny(event) as T // texts are replaced by texts, the shape stays
}

function redactAny(value: unknown): unknown {
  if (typeof value === 'string') return redact(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const parts = value.map(redactAny)
    return parts.every((part, index) => part === value[index]) ? value : parts
  }
  const entries = Object.entries(value).map(
    ([key, part]) => [key, part, SPARED.has(key) ? part : redactAny(part)] as const,
  )
  if (entries.every(([, before, after]) => before === after)) return value
  return Object.fromEntries(entries.map(([key, , after]) => [key, after]))
}
