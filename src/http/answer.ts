import { Failure } from '../error.ts'
import { shorten } from '../show.ts'

/** What came back for a request. */
export interface Answer<Body = unknown> {
  readonly status: number
  /** Lower-case names; several of one name are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>
  /** The value of a header; throws, and lists the headers there were, when it is missing. */
  header(name: string): string
  readonly text: string
  /** The body as JSON; throws, showing the body, when it is not. */
  readonly json: Body
  /** From sending to the last byte. */
  readonly milliseconds: number
}

/** Makes an answer of what the client received. */
export function createAnswer(received: {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  readonly milliseconds: number
}): Answer {
  const headers = joinHeaders(received.headers)
  return {
    status: received.status,
    headers,
    text: received.text,
    milliseconds: received.milliseconds,
    header: (name) => findHeader(headers, name),
    get json() {
      return parseJson(received.text)
    },
  }
}

/** An answer on one line: `503  {"error":"circuit open"}`. */
export function showAnswer(answer: Answer): string {
  return answer.text === ''
    ? String(answer.status)
    : `${answer.status}  ${shorten(answer.text.replace(/\s+/g, ' ').trim(), 160)}`
}

function joinHeaders(
  raw: Readonly<Record<string, string | readonly string[] | undefined>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(raw).map(([name, value]) => [
    name.toLowerCase(),
    [value ?? []].flat().join(', '),
  ])
  return Object.fromEntries(entries)
}

function findHeader(headers: Readonly<Record<string, string>>, name: string): string {
  const value = headers[name.toLowerCase()]
  if (value !== undefined) return value
  throw new Failure(`the answer has no header ${name}`, {
    last: `it has: ${Object.keys(headers).join(', ')}`,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Failure('the answer is not JSON', {
      expected: 'JSON',
      last: text === '' ? 'an empty body' : shorten(text),
      cause,
    })
  }
}
