import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runScript, story } from './cli/script.ts'

// What users import: a name that comes or goes is a decision.
test('the public names are these', async () => {
  assert.deepEqual(Object.keys(await import('../src/index.ts')).sort(), [
    '$',
    'Failure',
    'PreflightError',
    'ShakedownError',
    'UsageError',
    'about',
    'above',
    'at',
    'atLeast',
    'atMost',
    'below',
    'command',
    'compose',
    'deletions',
    'derive',
    'each',
    'etcd',
    'evict',
    'expect',
    'finding',
    'freePort',
    'gunicorn',
    'hash',
    'hashes',
    'holderOf',
    'http',
    'inProcess',
    'info',
    'keys',
    'memory',
    'metrics',
    'mode',
    'oneOf',
    'period',
    'prometheus',
    'promql',
    'redis',
    'run',
    'scenario',
    'secret',
    'service',
    'skip',
    'start',
    'startup',
    'step',
    'systemTest',
    'traffic',
    'ttl',
    'ttls',
    'validate',
    'within',
    'workdir',
  ])
})

test('what runs has the names that types are read from, and is the same', async () => {
  const [described, runs] = [await import('../src/index.ts'), await import('../src/cli/entry.ts')]
  const kinds = (names: object) =>
    Object.entries(names)
      .map(([name, value]) => `${name}: ${typeof value}`)
      .sort()
  assert.deepEqual(kinds(runs), kinds(described))
  for (const name of ['expect', 'scenario', 'mode', 'Failure', 'at'] as const)
    assert.equal(runs[name], described[name], name)
  assert.equal(String(runs.period(2000)), String(described.period(2000)))
})

test('importing it costs a script one listener, and the process of another test runner none', async () => {
  const none = 'unhandledRejection 0, exit 0, beforeExit 0, SIGINT 0, SIGTERM 0, SIGHUP 0\n'
  const own = await runScript(story('counts_listeners'))
  assert.equal(own.stdout, `uncaughtException 1, ${none}`)
  for (const name of ['VITEST', 'JEST_WORKER_ID', 'TEST_WORKER_INDEX', 'NODE_TEST_CONTEXT']) {
    const other = await runScript(story('counts_listeners'), { env: { [name]: '1' } })
    assert.equal(other.stdout, `uncaughtException 0, ${none}`, name)
  }
})

test('importing it loads no part of Node that is heavy and that only some scripts need', async () => {
  const { stdout, stderr } = await runScript(story('lists_builtins'))
  // `node:process`, imported by name, opens the standard input; the global one does not.
  assert.equal(`${stdout}${stderr}`, '\n')
})
