import type { PageModel } from '../model.ts'
import { find } from './dom.ts'

/** The run, unpacked from the page. */
export async function readModel(): Promise<PageModel> {
  const packed = atob(find('data').textContent.trim())
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Response(stream).json()
}
