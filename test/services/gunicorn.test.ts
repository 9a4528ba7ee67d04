import '../service/own-state.ts'
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findComponent } from '../../src/run/find.ts'
import { start } from '../../src/service/start.ts'
import { type GunicornOptions, gunicorn } from '../../src/services/gunicorn.ts'

const found = findComponent('gunicorn')
const skip = 'path' in found ? false : `${found.missing}: ${found.hint}`

const APP = `def app(environ, start_response):
    start_response("200 OK", [])
    return [b"hello"]
`

test('comes up with the workers of its own configuration, and with others only where that is said', {
  skip,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gunicorn-test-'))
  try {
    await writeFile(join(folder, 'app.py'), APP)
    await writeFile(join(folder, 'own.conf.py'), 'workers = 3\n')
    const own = { in: folder, app: 'app:app', config: 'own.conf.py' }
    assert.equal(await countWorkers(own), 3)
    assert.equal(await countWorkers({ ...own, workers: 1 }), 1)
    assert.equal(await countWorkers({ in: folder, app: 'app:app' }), 2)
  } finally {
    await rm(folder, { recursive: true })
  }
})

async function countWorkers(options: GunicornOptions): Promise<number> {
  await using server = gunicorn(options)
  await start(server)
  const { length } = await server.workers.read()
  return length
}
