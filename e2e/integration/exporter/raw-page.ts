import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import type { App } from './workers.ts'

/** A page of metrics as it came over the wire. */
export interface FetchedPage {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** How many bytes came, and how many they are unpacked. */
  readonly received: number
  readonly bytes: number
  /** True for what is UTF-8 from the first byte to the last. */
  readonly isText: boolean
  readonly text: string
}

interface PageRequest {
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Fetches the page once, byte by byte as the server gives it: other clients unpack and mend what comes. */
export async function fetchPage(
  app: App,
  { path = '/metrics', headers = {} }: PageRequest = {},
): Promise<FetchedPage> {
  const { promise, resolve, reject } = Promise.withResolvers<FetchedPage>()
  const sent = request(`http://${app.endpoint('metrics')}${path}`, { headers, agent: false }, (answer) => {
    buffer(answer).then((packed) => {
      const body = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(packed) : packed
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        received: packed.length,
        bytes: body.length,
        isText: body.equals(Buffer.from(body.toString('utf8'), 'utf8')),
        text: body.toString('utf8'),
      })
    }, reject)
  })
  sent.on('error', reject)
  sent.end()
  return promise
}

/** The lines with values, sorted: Redis gives them in no order. */
export function seriesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .sort()
}
