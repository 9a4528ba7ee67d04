// Writes the texts that golden.test.ts compares with. Read the difference before it is committed: it is what users will see.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LOGS, renderAll } from './rendering.ts'

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'events', 'golden')
for (const log of LOGS) {
  await mkdir(join(folder, log), { recursive: true })
  for (const [name, text] of await renderAll(log)) await writeFile(join(folder, log, name), text)
}
