import type { Dialect, Exposition, Family } from './exposition.ts'
import { ExpositionError } from './exposition-error.ts'
import { groupFamilies } from './family.ts'
import { readOpenMetrics } from './openmetrics.ts'
import { decodeStrictly } from './parse-bytes.ts'
import { openReader } from './parse-reader.ts'
import { readText } from './parse-text.ts'

const READABLE = 'text/plain; version=0.0.4 or application/openmetrics-text; version=1.0.0'
const VERSIONS: ReadonlyMap<string, { readonly dialect: Dialect; readonly versions: readonly string[] }> =
  new Map([
    ['text/plain', { dialect: 'text', versions: ['0.0.4', '1.0.0'] }],
    ['application/openmetrics-text', { dialect: 'openmetrics', versions: ['0.0.1', '1.0.0'] }],
  ])

/**
 * Reads an exposition, strictly: the first thing that the grammar does not allow throws an ExpositionError with its place.
 * The dialect follows from the Content-Type, classic text without one. Bytes must be UTF-8; a string was decoded
 * by somebody else, who may have replaced what was not.
 */
export function parse(source: string | Uint8Array, options: { contentType?: string } = {}): Exposition {
  const dialect = dialectOf(options.contentType)
  const reader = openReader(typeof source === 'string' ? source : decodeStrictly(source), dialect)
  if (dialect === 'text') readText(reader)
  else readOpenMetrics(reader)
  const { samples, metadata, tolerated } = reader
  let families: readonly Family[] | undefined
  return {
    dialect,
    samples,
    metadata,
    tolerated,
    get families() {
      families ??= groupFamilies({ dialect, samples, metadata })
      return families
    },
  }
}

/** The dialect that a Content-Type announces; without one it is classic text. Anything else is an ExpositionError that names it. */
export function dialectOf(contentType: string | undefined): Dialect {
  if (contentType === undefined) return 'text'
  const [media = '', ...parameters] = contentType.split(';').map((part) => part.trim())
  const known = VERSIONS.get(media.toLowerCase())
  if (known === undefined) return refuse(contentType, hintMedia(media))
  const version = readParameter(parameters, 'version')
  if (version !== undefined && !known.versions.includes(version)) {
    return refuse(contentType, `version ${version} of ${media} is not known here`)
  }
  const charset = readParameter(parameters, 'charset')
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8')
    return refuse(contentType, 'expositions are UTF-8')
  return known.dialect
}

function readParameter(parameters: readonly string[], name: string): string | undefined {
  const found = parameters.find((parameter) => parameter.toLowerCase().startsWith(`${name}=`))
  return found?.slice(name.length + 1).replace(/^"(.*)"$/, '$1')
}

function hintMedia(media: string): string {
  if (media === 'text/html') return 'is this the path of the metrics?'
  if (media.includes('protobuf')) return 'ask for text: Accept: text/plain'
  return 'the server must name the format that it sends'
}

function refuse(contentType: string, hint: string): never {
  throw new ExpositionError(`not an exposition: Content-Type ${JSON.stringify(contentType)}`, {
    expected: READABLE,
    hint,
  })
}
