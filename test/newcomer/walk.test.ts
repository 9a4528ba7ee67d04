import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { findExecutable } from '../../src/run/packages.ts'
import { makeFolder, writeIn } from '../scripts/project.ts'
import { type Packed, packProject, typeIn } from './packed.ts'

// A newcomer's first ten minutes, with nothing but the packed tarball and an empty folder: one command to a green test of a
// program that the catalogue does not know, a script of one's own, a failure that says what was wrong, the report.

/** What is typed, and a system test of at most 25 lines that a newcomer would write next. */
interface Walk {
  readonly binary: string
  /** How the program is started; a newcomer who has to write a configuration first begins without it. */
  readonly line?: string
  readonly http?: string
  readonly script: string
  /** What is broken in it, and what the failure must say. */
  readonly broken: readonly [from: string, to: string]
  readonly says: RegExp
}

const WALKS: Readonly<Record<string, Walk>> = {
  memcached: {
    binary: 'memcached',
    line: 'memcached -u nobody -l {host} -p {port}',
    script: `
import { connect } from 'node:net'
import { expect, scenario, service, start, step } from 'shakedown'

const cache = service({
  name: 'memcached',
  run: ({ host, port }) => ['memcached', '-u', 'nobody', '-l', host, '-p', port],
})
const kept = { describe: 'what memcached has for greeting', read: () => ask('get greeting\\r\\n') }

await scenario('memcached forgets what has expired', async () => {
  await start(cache)
  await step('a value is kept', async () => {
    expect(await ask('set greeting 0 1 5\\r\\nhello\\r\\n')).toBe('STORED')
    await expect(kept).toMatch(/hello/)
  })
  await step('and gone after its second', () => expect(kept).toBe('END', { within: '30s' }))
})

function ask(line: string): Promise<string> {
  const socket = connect(Number(\`\${cache.port}\`), '127.0.0.1').setEncoding('utf8')
  socket.write(line)
  return new Promise((resolve) => socket.once('data', (text) => socket.end(() => resolve(String(text).trim()))))
}`,
    broken: ['/hello/', '/goodbye/'],
    says: /what memcached has for greeting[\s\S]*goodbye[\s\S]*hello[\s\S]* at +e2e\/own\.mts:\d+/,
  },
  node_exporter: {
    binary: 'prometheus-node-exporter',
    line: 'prometheus-node-exporter --web.listen-address={host}:{port}',
    http: '/metrics',
    script: `
import { above, expect, scenario, service, start, step } from 'shakedown'

const exporter = service({
  name: 'node_exporter',
  run: ({ host, port }) => ['prometheus-node-exporter', \`--web.listen-address=\${host}:\${port}\`],
  ready: { http: '/metrics' },
  metrics: '/metrics',
})

await scenario('node_exporter knows this machine', async () => {
  await start(exporter)
  await step('it has memory', async () => {
    await expect(exporter.metrics.value('node_memory_MemTotal_bytes')).toBe(above(1_000_000))
  })
  await step('its counters do not go back', async () => {
    const spent = await exporter.metrics.sum('node_cpu_seconds_total').fromNow()
    await expect(spent).toBe(above(0))
  })
})`,
    broken: ['above(1_000_000)', '-1'],
    says: /node_memory_MemTotal_bytes\n +expected +-1\n +last +\d[\s\S]* at +e2e\/own\.mts:\d+/,
  },
  nginx: {
    binary: 'nginx',
    script: `
import { expect, scenario, service, start, step, traffic } from 'shakedown'

const web = service({
  name: 'nginx',
  run: ['nginx', '-p', '.', '-e', 'stderr', '-c', 'nginx.conf', '-g', 'daemon off; pid nginx.pid;'],
  files: {
    'nginx.conf': ({ port }) =>
      \`events {} http { access_log off; server { listen 127.0.0.1:\${port}; location / { return 200 ok; } } }\`,
  },
  ready: { http: '/' },
})

await scenario('nginx answers', async () => {
  await start(web)
  await step('under load, every request', async () => {
    const sent = await traffic(web, { paths: { '/': 1 }, rate: '50/s', for: '1s' })
    expect(sent.errors).toBe(0)
  })
  await step('and says ok', () => expect(web.get('/')).toRespond(200, { text: 'ok' }))
})`,
    broken: ["text: 'ok'", "text: 'fine'"],
    says: /fine[\s\S]*ok[\s\S]* at +e2e\/own\.mts:\d+/,
  },
  redis_exporter: {
    binary: 'prometheus-redis-exporter',
    line: 'prometheus-redis-exporter -web.listen-address={host}:{port} -redis.addr=redis://127.0.0.1:1',
    http: '/metrics',
    script: `
import { at, command, expect, redis, scenario, service, start, step } from 'shakedown'

const cache = redis()
const exporter = service({
  name: 'redis_exporter',
  run: ({ host, port }) => [
    'prometheus-redis-exporter', \`-web.listen-address=\${host}:\${port}\`, at\`-redis.addr=redis://\${cache}\`,
  ],
  ready: { http: '/metrics' },
  metrics: '/metrics',
})

await scenario('redis_exporter sees its Redis', { requires: ['redis-server'] }, async () => {
  await start(cache, exporter)
  await step('it is up', () => expect(exporter.metrics.value('redis_up')).toBe(1))
  await step('keys are counted', async () => {
    expect(await command(cache, 'SET', 'name', 'value').read()).toBe('OK')
    await expect(exporter.metrics.value('redis_db_keys', { db: 'db0' })).toBe(1)
  })
})`,
    broken: ["value('redis_up')).toBe(1)", "value('redis_up')).toBe(0)"],
    says: /redis_up\n +expected +0\n +last +1[\s\S]* at +e2e\/own\.mts:\d+/,
  },
}

let packed: Packed

before(async () => {
  packed = await packProject()
})

after(async () => {
  await packed?.[Symbol.asyncDispose]()
})

describe('a newcomer, from an empty folder, with', () => {
  for (const [name, walk] of Object.entries(WALKS)) {
    const skip = findExecutable(walk.binary) === undefined ? `${walk.binary} is not installed` : false
    test(name, { skip }, async () => {
      await using folder = await makeFolder()
      const { line, http, script, broken, says } = walk
      const flags =
        line === undefined ? [] : [name, '--run', line, ...(http === undefined ? [] : ['--http', http])]
      const begun = await typeIn(
        folder,
        'npx',
        '--yes',
        `--package=${packed.tarball}`,
        '--',
        'shakedown',
        'init',
        ...flags,
      )
      assert.equal(begun.code, 0, begun.stdout + begun.stderr)
      assert.match(begun.stdout, /✓ passed {2}1 scenario/)

      assert.ok(script.trim().split('\n').length <= 25, 'a newcomer writes no more')
      const file = await writeIn(folder.path, 'e2e/own.mts', `${script.trim()}\n`)
      const both = await typeIn(folder, 'npx', 'shakedown', 'run')
      assert.equal(both.code, 0, both.stdout + both.stderr)
      assert.match(both.stdout, /✓ passed {2}2 scenarios/)

      await writeIn(folder.path, 'e2e/own.mts', (await readFile(file, 'utf8')).replace(...broken))
      const failed = await typeIn(folder, 'npx', 'shakedown', 'run', '--quick')
      assert.equal(failed.code, 1, failed.stdout)
      assert.match(failed.stdout, says)
      assert.match(failed.stdout, /again:? +npx shakedown run --quick --only /)
      assert.ok(existsSync(join(folder.path, 'results', 'latest', 'report.html')))

      await writeIn(folder.path, 'e2e/own.mts', `${script.trim()}\n`)
      const again = await typeIn(folder, 'npx', 'shakedown', 'rerun')
      assert.equal(again.code, 0, again.stdout + again.stderr)
      assert.match(again.stdout, /✓ passed {2}1 scenario/)
    })
  }
})
