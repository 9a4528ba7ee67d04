import '../own-state.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at } from '../../../src/reference.ts'
import { createProgram } from '../../../src/service/program.ts'
import { start } from '../../../src/service/start.ts'
import { service } from '../../../src/services/service.ts'
import { answering, command, saying } from '../programs.ts'
import { until } from '../until.ts'
import { describeWithDocker, NODE, REDIS } from './engine.ts'

const PING = `
  const [host, port] = process.env.TO.split(':')
  const socket = require('node:net').connect(Number(port), host, () => socket.write('PING\\r\\n'))
  socket.on('data', (data) => console.log('said ' + data.toString().trim()))
  setInterval(() => {}, 60000)`

const ASK =
  "fetch(process.env.URL).then(({ status }) => console.log('answered ' + status)); setInterval(() => {}, 60000)"

/** As the first of its pids a program that handles no signal hears none. */
const QUICK = { stop: { signal: 'SIGKILL' } } as const

describeWithDocker('services that are images', () => {
  test('an image is a service: its own command, the port inside, a free one of this machine', async () => {
    await using cache = service({ image: REDIS, port: 6379, ready: { log: /Ready to accept connections/ } })
    await start(cache)
    assert.match(cache.name, /^redis/)
    assert.notEqual(Number(cache.port), 6379)
    assert.equal(String(cache.host), '127.0.0.1')
    assert.equal(await cache.state.read(), 'running')
  })

  test('an address is the name of the service and the port inside for a container, and that of the loopback for a process', async () => {
    await using cache = service({ image: REDIS, port: 6379 })
    const spec = { env: { TO: at`${cache}` }, ready: { log: /^said/ } } as const
    await using inside = service({ image: NODE, run: ['node', '-e', PING], ...QUICK, ...spec })
    await using outside = createProgram({ run: [process.execPath, '-e', PING], port: 'none', ...spec })
    await using told = service({
      image: NODE,
      run: ['env'],
      env: spec.env,
      ready: { log: /^TO=/ },
      stop: { clean: [0] },
    })
    await start(cache, inside, outside)
    assert.deepEqual(await inside.logs.lines(/said/).read(), ['said +PONG'])
    assert.deepEqual(await outside.logs.lines(/said/).read(), ['said +PONG'])
    await start(told).catch(() => {
      // It prints and ends, which is no way to be ready.
    })
    assert.deepEqual(await told.logs.lines(/^TO=/).read(), [`TO=${cache.name}:6379`])
  })

  test('a container reaches a process of this machine that listens on the loopback only', async () => {
    await using web = createProgram(answering())
    await using asks = service({
      image: NODE,
      run: ['node', '-e', ASK],
      env: { URL: at`http://${web}/` },
      ...QUICK,
      ready: { log: /^answered/ },
    })
    await start(web, asks)
    assert.deepEqual(await asks.logs.lines(/answered/).read(), ['answered 200'])
  })

  test('a container is not ready before its program listens, although its port is open', async () => {
    // It says so before it does: what it says takes its time to arrive, too.
    const late = `const listen = () => require('node:net').createServer().listen(80)
      setTimeout(() => { console.log('listens'); setTimeout(listen, 500) }, 500)`
    await using slow = service({ image: NODE, run: ['node', '-e', late], port: 80, ...QUICK })
    await start(slow)
    assert.deepEqual(await slow.logs.lines(/listens/).read(), ['listens'])
  })

  test('files are put where their names say, and what was written is there after a restart', async () => {
    const act = `
      const { appendFileSync, readFileSync } = require('node:fs')
      process.on('SIGTERM', () => process.exit(0))
      appendFileSync('/var/lives', 'x')
      console.log(readFileSync('/etc/motto', 'utf8') + readFileSync('/var/lives', 'utf8'))
      setInterval(() => {}, 60000)`
    await using one = service({
      image: NODE,
      run: ['node', '-e', act],
      files: { '/etc/motto': 'life ' },
      ready: { log: /^life/ },
    })
    await start(one)
    await one.restart()
    assert.deepEqual(await one.logs.lines(/life/).read(), ['life x', 'life xx'])
  })

  test('one that uses more memory than it may is said to have run out of it', async () => {
    const eat =
      'const kept = []; setInterval(() => kept.push(Buffer.alloc(20_000_000, 1)), 1); console.log("ready")'
    await using greedy = service({
      name: 'greedy',
      image: NODE,
      run: ['node', '-e', eat],
      ready: { log: /^ready/ },
      limits: { memory: '64MB' },
    })
    // It ends as soon as it runs: before it was seen to be ready, or after.
    const told = await start(greedy)
      .then(() => until('it died', async () => (await greedy.state.read()) === 'dead'))
      .then(() => greedy.stop())
      .catch((error: Error) => error.message)
    assert.match(told ?? '', /^greedy died.*: ended by SIGKILL, memory ran out: it may have 64 MB/)
  })

  test('limits are those of the kernel', async () => {
    const show = `const { readFileSync } = require('node:fs')
      const read = (...names) => names.map((name) => { try { return readFileSync('/sys/fs/cgroup/' + name, 'utf8').trim() } catch { return '' } }).join('')
      console.log('memory ' + read('memory.max', 'memory/memory.limit_in_bytes') + ' cpu ' + read('cpu.max', 'cpu/cpu.cfs_quota_us'))
      setInterval(() => {}, 60000)`
    await using bounded = service({
      image: NODE,
      run: ['node', '-e', show],
      ready: { log: /^memory/ },
      limits: { memory: '1GB', cpus: 2 },
      ...QUICK,
    })
    await start(bounded)
    const [line = ''] = await bounded.logs.lines(/^memory/).read()
    assert.match(line, /^memory 1073741824 cpu 200000/)
  })
})

describeWithDocker('what goes wrong with images', () => {
  test('one that cannot be built says what its build printed', async () => {
    await using broken = service({ build: 'fixtures/images/does_not_build' })
    await assert.rejects(
      start(broken),
      /cannot be built: docker build ended with \d+[\s\S]*parser\.c:3: no such token/,
    )
  })

  test('one that nobody has says so, and that the registry did not help', async () => {
    await using nowhere = service({ image: 'localhost:1/no/such:image' })
    await assert.rejects(
      start(nowhere),
      /the image localhost:1\/no\/such:image is not here, and could not be pulled\n[\s\S]*hint/,
    )
  })

  test('a folder without a Dockerfile is refused', async () => {
    await using nothing = service({ build: 'fixtures/programs' })
    await assert.rejects(
      start(nothing),
      /there is no Dockerfile to build an image from: .*fixtures\/programs\/Dockerfile/,
    )
  })

  test('one that is never healthy says what its check said last', async () => {
    await using ill = service({
      build: 'fixtures/images/never_healthy',
      ready: { healthy: true },
      ...QUICK,
      within: '20s',
    })
    await assert.rejects(
      start(ill),
      /was not ready in time[\s\S]*the health check of its image[\s\S]*unhealthy: the database is away/,
    )
  })

  test('a program that is not in the image is named', async () => {
    await using lost = service({ image: NODE, run: ['no-such-program'] })
    await assert.rejects(start(lost), /cannot be started: its image has no no-such-program/)
  })

  test('a port that somebody else holds is named', async () => {
    await using holder = createProgram({
      ...saying('says_ready.mjs'),
      run: command('answers_http.mjs'),
      port: { env: 'PORT' },
      ready: { tcp: true },
    })
    await start(holder)
    await using taken = createProgram({
      name: 'taken',
      run: ['node'],
      port: Number(holder.port),
      ready: { tcp: true },
      container: { image: NODE },
      driver: (await import('../../../src/service/docker/driver.ts')).createDockerDriver({
        image: NODE,
        standing: 'network',
      }),
    })
    await assert.rejects(start(taken), /port \d+ of taken is (taken|in use)/)
  })
})
