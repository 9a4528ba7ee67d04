import '../own-state.ts'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { after, test } from 'node:test'
import { missingOf } from '../../../src/scenario/requires.ts'
import { composeCommand } from '../../../src/service/compose/command.ts'
import { tellUnreachable } from '../../../src/service/docker/absent.ts'
import { engineVersion } from '../../../src/service/docker/version.ts'
import { start } from '../../../src/service/start.ts'
import { service } from '../../../src/services/service.ts'

const folder = mkdtempSync(join(tmpdir(), 'shakedown-absent-'))
const before = env['DOCKER_HOST']
after(() => {
  rmSync(folder, { recursive: true, force: true })
  if (before === undefined) delete env['DOCKER_HOST']
  else env['DOCKER_HOST'] = before
})

/** The error of a start where the engine is said to be there. */
async function errorAt(address: string): Promise<string> {
  env['DOCKER_HOST'] = address
  const cache = service({ image: 'redis:7', port: 6379 })
  return start(cache).then(
    () => 'it started',
    (error: Error) => error.message,
  )
}

test('where no engine listens, it is said how to get or to start one', async () => {
  assert.match(
    await errorAt(`unix://${folder}/nobody.sock`),
    /^(Docker is not installed|the Docker engine does not run)\n {2}last .*nobody\.sock[\s\S]*\n {2}hint {6}(install|start) it: /,
  )
})

test('a scenario that requires Docker is left out, with the reason', async () => {
  env['DOCKER_HOST'] = `unix://${folder}/nobody.sock`
  assert.match(
    (await missingOf(['docker'])) ?? 'nothing',
    /^(docker|Docker) is not installed|engine does not run$/,
  )
})

test('an engine of another machine is refused, saying why', async () => {
  for (const address of ['tcp://10.1.2.3:2375', 'ssh://me@there', 'tcp://build.example:2376'])
    assert.match(
      await errorAt(address),
      /^DOCKER_HOST names an engine that is not of this machine: .*\n[\s\S]*hint.*--docker-host /,
    )
})

test('an engine that is too old is named, and so is who is none', async () => {
  const answers: Readonly<Record<string, unknown>> = {
    old: { Version: '19.03.15', ApiVersion: '1.40', Os: 'linux', Arch: 'amd64' },
    none: { hello: 'world' },
  }
  const wanted = {
    old: /^Docker 19\.03\.15 is too old\n {2}expected {2}20\.10 or newer/,
    none: /is no Docker engine/,
  }
  for (const name of ['old', 'none'] as const) {
    const server = createServer((_request, response) => response.end(JSON.stringify(answers[name])))
    await once(server.listen(join(folder, name)), 'listening')
    try {
      assert.match(await errorAt(`unix://${folder}/${name}`), wanted[name])
    } finally {
      server.close()
    }
  }
})

test('one that breaks off in the middle is said to have done so', async () => {
  const server = createServer((request) => request.socket.destroy())
  await once(server.listen(join(folder, 'breaks')), 'listening')
  try {
    env['DOCKER_HOST'] = `unix://${folder}/breaks`
    await assert.rejects(engineVersion(), /the Docker engine broke the connection off/)
  } finally {
    server.close()
  }
})

test('who may not use it is told how to be allowed', () => {
  const error = Object.assign(new Error('connect EACCES /var/run/docker.sock'), { code: 'EACCES' })
  assert.match(
    tellUnreachable('unix:///var/run/docker.sock', error).message,
    /^this user may not use the Docker engine\n[\s\S]*hint/,
  )
})

test('a user without rights really is refused so', {
  skip: process.getuid?.() === 0 ? false : 'only root can be somebody else',
}, async () => {
  const server = createServer()
  const socket = join(folder, 'closed')
  await once(server.listen(socket), 'listening')
  chmodSync(socket, 0o600)
  chmodSync(folder, 0o755)
  const script = `const { ask } = await import(${JSON.stringify(join(process.cwd(), 'src/service/docker/engine.ts'))}); await ask({ path: '/version' })`
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    uid: 65_534,
    gid: 65_534,
    env: { ...env, DOCKER_HOST: `unix://${socket}` },
  })
  server.close()
  assert.match(stderr, /this user may not use the Docker engine/)
})

test('where Compose is missing it is said what to install', () => {
  const path = env['PATH']
  env['PATH'] = folder
  try {
    assert.throws(() => composeCommand(), /Docker( Compose)? is not installed\n[\s\S]*hint/)
  } finally {
    env['PATH'] = path
  }
})
