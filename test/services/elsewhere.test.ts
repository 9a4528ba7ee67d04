import '../service/own-state.ts'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { ShakedownError } from '../../src/error.ts'
import { type Event, listen } from '../../src/event.ts'
import { expect } from '../../src/expect/expect.ts'
import { at } from '../../src/reference.ts'
import { describeEvent } from '../../src/report/console/lines.ts'
import { createStyle } from '../../src/report/console/style.ts'
import { findComponent } from '../../src/run/find.ts'
import { start } from '../../src/service/start.ts'
import { etcd } from '../../src/services/etcd.ts'
import { gunicorn } from '../../src/services/gunicorn.ts'
import { prometheus } from '../../src/services/prometheus.ts'
import { service } from '../../src/services/service.ts'
import { needsEtcd } from '../etcd/server.ts'
import { command } from '../service/programs.ts'
import { isRunning } from '../service/until.ts'

// What runs already, started apart: used, and neither started nor stopped nor disturbed.

const VERBS = ['stop', 'kill', 'pause', 'resume', 'restart'] as const

test('a program of others is waited for, asked, scraped, and let go', async () => {
  await using server = await startPage('served_total 3\n')
  const heard: Event[] = []
  const forget = listen((event) => heard.push(event))
  {
    await using web = service({ name: 'shop', at: `http://${server.at}/`, metrics: '/metrics' })
    await using needing = service({
      name: 'needing',
      run: command('prints_environment.sh'),
      env: { SHOP: at`${web.url}/x` },
      port: 'none',
      ready: { log: /^ready$/ },
    })
    await start(needing, web)
    assert.equal(String(web), server.at)
    assert.equal(String(web.url), `http://${server.at}`)
    await expect(web.metrics.value('served_total')).toBe(3)
    await expect(web.get('/metrics')).toRespond(200)
    await expect(web.state).toBe('running')
    await expect(needing.logs.lines(/^SHOP=/)).toEqual([`SHOP=http://${server.at}/x`])
    for (const verb of VERBS) await assert.rejects(web[verb](), /shop was not started here/, verb)
    await assert.rejects(web.signal('SIGHUP'), /signalled here\n {2}last {6}it already runs at http:/)
    // What is not seen must not be taken for silence.
    await assert.rejects(web.logs.lines(/error/).read(), /the log of shop is not seen here/)
    await assert.rejects(web.children.read(), /not known here/)
    await assert.rejects(web.pid.read(), /has no pid on this machine/)
    await assert.rejects(async () => String(web.dir), /is not known yet/)
  }
  forget()
  assert.ok(isRunning(server.pid))
  const told = heard.flatMap((event) =>
    'service' in event && event.service === 'shop'
      ? [describeEvent(event, createStyle({ colors: false, unicode: true }))?.text ?? '']
      : [],
  )
  assert.match(told.join('\n'), new RegExp(`shop already runs at http://${server.at}/ ready in`))
  assert.match(told.join('\n'), /shop is let go: it goes on where it runs/)
  assert.doesNotMatch(told.join('\n'), /SIGTERM|exited/)
})

const needsPrometheus = 'path' in findComponent('prometheus') ? false : 'there is no prometheus'

test('a Prometheus of others answers, also below a path', { skip: needsPrometheus }, async () => {
  await using server = await startPrometheus('/prom')
  await using prom = prometheus({ at: `http://${server.at}/prom/` })
  await start(prom)
  await expect(prom.query('vector(7)')).toBe(7)
  await expect(prom.metrics.value('prometheus_ready')).toBe(1)
  await expect(prom.get('/-/healthy')).toRespond(200)
  await expect(prom.target({ metrics: prom.metrics })).toBe('up')
  await assert.rejects(prom.kill(), /prometheus\S* was not started here, so that it cannot be killed here/)
})

test('of a gunicorn of others the page of metrics is where it is said to be', async () => {
  await using server = await startPage('up 1\n')
  await using app = gunicorn({ at: server.at })
  await using other = gunicorn({ name: 'other', at: server.at, metrics: `http://${server.at}/elsewhere` })
  await start(app, other)
  await expect(app.metrics.value('up')).toBe(1)
  assert.equal(String(other.metrics.url), `http://${server.at}/elsewhere`)
  assert.equal(String(other.endpoint('metrics')), server.at)
  await assert.rejects(app.workers.read(), /is not (seen|known) here/)
})

test('a cluster of others has its members, and none of them is killed', needsEtcd, async () => {
  await using own = etcd({ members: 3 })
  await start(own)
  {
    await using there = etcd({ name: 'there', at: String(own.endpoints) })
    await start(there)
    await there.put('/a', '1')
    await expect(there.value('/a')).toBe('1')
    assert.match(await there.leader.read(), /^there-[123]$/)
    await assert.rejects(there.leader.kill(), /was not started here/)
    await assert.rejects(there.restart(), /was not started here/)
    await assert.rejects(async () => String(there.member(1).endpoint('peer')), /is not known yet/)
  }
  await expect(own.value('/a')).toBe('1')
})

test('where nobody answers, that is told with the address, after the deadline', async () => {
  await using gone = service({ name: 'gone', at: '127.0.0.1:1', ready: { http: '/health' }, within: '50ms' })
  await assert.rejects(start(gone), (error: Error) => {
    assert.ok(error instanceof ShakedownError)
    assert.equal(error.code, 'preflight')
    assert.match(
      error.message.replace(/waited {4}.*/, 'waited'),
      /^nobody answers for gone at 127\.0\.0\.1:1\n {2}expected {2}an answer to GET \/health\n {2}last {6}GET \/health of 127\.0\.0\.1:1 refused\n {2}waited\n/,
    )
    return true
  })
})

test('what is no address, and what means nothing beside one, is refused at once', () => {
  for (const text of ['', 'localhost', 'htp://x:1', 'http://', 'x:99999', 'http://a:b@x', 'http://x/?q=1']) {
    assert.throws(() => service({ at: text }), /not an address: /, text)
    assert.throws(() => prometheus({ at: text }), /not an address: /, text)
    assert.throws(() => gunicorn({ at: text }), /not an address: /, text)
    assert.throws(() => etcd({ at: text }), /not an address: /, text)
  }
  assert.throws(
    () => service({ at: 'http://me:geheim@x' }),
    (error: Error) => !error.message.includes('geheim'),
  )
  assert.throws(() => gunicorn({ at: 'x:1', metrics: 'nowhere' }), /not an address: nowhere/)
  const more: object = { scrape: [], port: 3 }
  assert.throws(
    () => prometheus({ at: 'x:1', ...more }),
    /what is described by `at` is not started here, so that it gets no scrape, no port/,
  )
})

test('a fact that only its own machine sees is no way to wait for it', async () => {
  await using web = service({ name: 'far', at: '127.0.0.1:1', ready: { log: /ready/ } })
  await assert.rejects(
    start(web),
    /the log of far is not seen here\n {2}last {6}it already runs at 127\.0\.0\.1:1/,
  )
})

/** A Prometheus of somebody else that scrapes itself, below that path. */
async function startPrometheus(path: string) {
  const dir = await mkdtemp(join(tmpdir(), 'prometheus-test-'))
  const free = await listenNowhere()
  const job = { job_name: 'self', metrics_path: `${path}/metrics`, static_configs: [{ targets: [free] }] }
  await writeFile(
    join(dir, 'prometheus.yml'),
    JSON.stringify({ global: { scrape_interval: '100ms', scrape_timeout: '100ms' }, scrape_configs: [job] }),
  )
  const found = findComponent('prometheus')
  const words = ['config.file=prometheus.yml', 'storage.tsdb.path=data', `web.listen-address=${free}`]
  const child = spawn(
    'path' in found ? found.path : '',
    [...words, `web.route-prefix=${path}`].map((word) => `--${word}`),
    {
      cwd: dir,
      stdio: 'ignore',
    },
  )
  return {
    at: free,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      await rm(dir, { recursive: true })
    },
  }
}

async function listenNowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const place = server.address()
  server.close()
  return `127.0.0.1:${typeof place === 'object' ? place?.port : 0}`
}

/** A server of somebody else that has a page of metrics at every path. */
async function startPage(text: string) {
  const child = spawn(process.execPath, [resolve('fixtures/programs/metrics_page.mts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const place = `127.0.0.1:${/\d+$/.exec(String(line))?.[0]}`
  await fetch(`http://${place}/page`, { method: 'PUT', body: JSON.stringify({ text }) })
  return {
    at: place,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
