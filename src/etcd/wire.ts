import { Failure } from '../error.ts'

/** A key as the store has it. Revisions count every change of the whole store. */
export interface Entry {
  readonly key: string
  readonly value: string
  /** The revision at which it was created. */
  readonly created: number
  /** The revision of its last change. */
  readonly revision: number
  /** How often it was written since it was created; 1 for a key that was written once. */
  readonly version: number
  /** The lease that it goes with; undefined for one that stays. */
  readonly lease: string | undefined
}

/** Text as the JSON gateway wants it. */
export function encode(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** The range of all keys that begin so; every key for an empty prefix. */
export function rangeOf(prefix: string): { readonly key: string; readonly range_end: string } {
  if (prefix === '') return { key: encode('\0'), range_end: encode('\0') }
  return { key: encode(prefix), range_end: endOf(prefix) }
}

/** The first key after all that begin so: its last byte, one higher. */
function endOf(prefix: string): string {
  const bytes = Buffer.from(prefix)
  const last = bytes.length - 1
  // No byte of UTF-8 is 0xff, so that there is always room.
  bytes.writeUInt8(bytes.readUInt8(last) + 1, last)
  return bytes.toString('base64')
}

/** A part of an answer; undefined where it is not there, which is how the gateway says 0, false and ''. */
export function part(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** A list in an answer; empty where it is not there. */
export function list(value: unknown, name: string): readonly unknown[] {
  const found = part(value, name)
  return Array.isArray(found) ? found : []
}

/** A number in an answer: 64 bits come as text, and 0 not at all. */
export function number(value: unknown, name: string): number {
  const found = Number(part(value, name) ?? 0)
  if (Number.isSafeInteger(found)) return found
  throw new Failure(`etcd answered with a ${name} that is no number: ${String(part(value, name))}`)
}

/** Reads a key of an answer. */
export function readEntry(kv: unknown): Entry {
  const lease = part(kv, 'lease')
  return {
    key: decode(part(kv, 'key')),
    value: decode(part(kv, 'value')),
    created: number(kv, 'create_revision'),
    revision: number(kv, 'mod_revision'),
    version: number(kv, 'version'),
    // Ids have 64 bits, more than a number keeps apart.
    lease: typeof lease === 'string' && lease !== '0' ? lease : undefined,
  }
}

function decode(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : ''
}
