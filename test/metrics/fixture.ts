import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../../fixtures/metrics')

/** The bytes of one of the small expositions under fixtures/metrics. */
export function readFixture(name: string): Buffer {
  return readFileSync(join(FOLDER, name))
}
