import { Failure, toError } from '../error.ts'

/** A reply as text; throws a Failure that names the command when it was refused or is something else. */
export function readText(reply: unknown, what: string): string {
  if (typeof reply === 'string') return reply
  throw tellReply(reply, what, 'a text')
}

/** A reply as a number. */
export function readNumber(reply: unknown, what: string): number {
  if (typeof reply === 'number') return reply
  throw tellReply(reply, what, 'a number')
}

/** A reply as a list of texts. */
export function readTexts(reply: unknown, what: string): readonly string[] {
  if (Array.isArray(reply) && reply.every((item) => typeof item === 'string')) return reply
  throw tellReply(reply, what, 'a list of texts')
}

/** A reply of field, value, field, value as an object. */
export function readRecord(reply: unknown, what: string): Readonly<Record<string, string>> {
  const words = readTexts(reply, what)
  const record: Record<string, string> = {}
  for (let index = 0; index + 1 < words.length; index += 2)
    record[words[index] ?? ''] = words[index + 1] ?? ''
  return record
}

/** The reply of SCAN: where to go on, and the keys of this round. */
export function readScan(reply: unknown): { readonly cursor: string; readonly keys: readonly string[] } {
  if (!Array.isArray(reply) || reply.length !== 2) throw tellReply(reply, 'SCAN', 'a cursor and keys')
  const [cursor, keys]: readonly unknown[] = reply
  return { cursor: readText(cursor, 'SCAN'), keys: readTexts(keys, 'SCAN') }
}

/** The reply of TIME in milliseconds since 1970, with a fraction. */
export function readTime(reply: unknown): number {
  const [seconds, microseconds] = readTexts(reply, 'TIME')
  return Number(seconds) * 1000 + Number(microseconds) / 1000
}

/** The reply of INFO: its fields, without the section titles. */
export function readInfo(reply: unknown): Readonly<Record<string, string>> {
  const lines = readText(reply, 'INFO').split('\r\n')
  const fields = lines.filter((line) => line.includes(':') && !line.startsWith('#'))
  return Object.fromEntries(
    fields.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )
}

function tellReply(reply: unknown, what: string, wanted: string): Failure {
  if (reply instanceof Error) {
    const old = /unknown command .?PEXPIRETIME/i.test(reply.message)
    return new Failure(`Redis refused ${what}: ${reply.message}`, {
      ...(old ? { hint: 'expiry is proven with PEXPIRETIME, which Redis has since 7.0' } : {}),
      cause: reply,
    })
  }
  return new Failure(`Redis answered ${what} with something else than ${wanted}`, {
    last: JSON.stringify(reply) ?? String(reply),
    cause: toError(reply),
  })
}
