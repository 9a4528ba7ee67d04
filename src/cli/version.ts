import { readFile } from 'node:fs/promises'

/** The version of this package. */
export async function readVersion(): Promise<string> {
  const text: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof text === 'object' && text !== null && 'version' in text ? String(text.version) : 'unknown'
}
