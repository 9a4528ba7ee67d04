import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SHORT, systemTest } from './command.ts'
import { hold, openNetwork, withoutNetwork } from './network.ts'

const skip = await withoutNetwork()

test('without --force a taken port is exit 3, naming holder and flag, and nobody is ended (GUN-112)', {
  skip,
}, async () => {
  await using network = await openNetwork()
  await using holder = await hold(9093, { network })
  const { code, text, runs } = await systemTest(['--full', ...SHORT], { network })
  assert.equal(code, 3, text)
  assert.match(
    text,
    new RegExp(`port 9093 \\(PROMETHEUS_METRICS_PORT\\) is taken by pid ${holder.pid} \\(.*node .*9093\\)`),
  )
  assert.match(text, /--force/)
  assert.match(text, /PROMETHEUS_METRICS_PORT=9094/)
  assert.deepEqual(runs, [], 'nothing was started')
  await network.expectOnly(holder)
})

test('--full --force ends whoever holds 8088 and 9093 by pid, says so, and ends nobody else (GUN-109, GUN-110, GUN-111, GUN-112, GUN-114, GUN-116, GUN-117, GUN-118, GUN-119, GUN-159)', {
  skip,
}, async () => {
  await using network = await openNetwork()
  await using app = await hold(8088, { network })
  await using metrics = await hold(9093, { network, stubborn: true })
  await using redis = await hold(6379, { network })
  await using prometheus = await hold(9090, { network })
  await using bystander = await hold(8089, { network })
  const { code, text } = await systemTest(['--full', '--force', ...SHORT], { network })
  assert.equal(code, 0, text)
  assert.match(text, new RegExp(`port 8088 is freed: pid ${app.pid} \\(.*node .*8088\\) is told to end`))
  assert.equal(await app.ended, 'SIGTERM')
  assert.match(
    text,
    new RegExp(`port 9093 is freed: pid ${metrics.pid} .*\n.*pid ${metrics.pid} .* is killed`),
  )
  assert.equal(await metrics.ended, 'SIGKILL')
  // Redis and Prometheus are never evicted: others are as good as the documented ports.
  const moved = (port: number, name: string, { pid }: { readonly pid: number }) =>
    new RegExp(`port ${port} \\(${name}\\) is taken by pid ${pid} \\(.*\\): \\d+ is used instead`)
  assert.match(text, moved(6379, 'REDIS_PORT', redis))
  assert.match(text, moved(9090, 'PROMETHEUS_PORT', prometheus))
  await network.expectOnly(redis, prometheus, bystander)
})

test('--ci --force frees the ports too (GUN-115)', { skip }, async () => {
  await using network = await openNetwork()
  await using app = await hold(8088, { network })
  await using metrics = await hold(9093, { network })
  const { code, text } = await systemTest(['--ci', '--force', ...SHORT], { network })
  assert.equal(code, 0, text)
  assert.match(text, /shakedown ci mode/)
  assert.deepEqual([await app.ended, await metrics.ended], ['SIGTERM', 'SIGTERM'])
})

test('ports that the environment names are the ones that are freed (GUN-159, GUN-160)', {
  skip,
}, async () => {
  await using network = await openNetwork()
  await using app = await hold(8089, { network })
  await using documented = await hold(8088, { network })
  const { code, text } = await systemTest(['--quick', '--force', ...SHORT], {
    network,
    env: { APP_PORT: '8089' },
  })
  assert.equal(code, 0, text)
  assert.match(text, new RegExp(`port 8089 is freed: pid ${app.pid} `))
  await network.expectOnly(documented)
})
