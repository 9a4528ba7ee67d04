import { gunzipSync } from 'node:zlib'
import type { PageModel } from '../../../src/report/page/model.ts'

/** What the program in a page gets, read from the page's text. */
export function modelIn(page: string): PageModel {
  const [, packed = ''] = /id="data">([^<]*)</.exec(page) ?? []
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString())
}
