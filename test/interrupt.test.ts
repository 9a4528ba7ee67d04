import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { plainEnvironment, root } from './cli/script.ts'

/** Runs a script that registers handlers, sends itself signals, and prints what happens. */
async function play(script: string, env: Readonly<Record<string, string>> = {}) {
  const text = `
    import { interrupt, interruptedBy, onInterrupt, onLastResort } from './src/interrupt.ts'
    const say = (word) => process.stdout.write(word + ' ')
    const settle = () => new Promise((resolve) => setImmediate(resolve))
    const self = (signal) => process.kill(process.pid, signal)
    const timer = setTimeout(() => {}, 60_000)
    ${script}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: root,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  return new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(`${stdout}${signal ?? code}`))
  })
}

test('phases run one after the other, the handlers of one together', async () => {
  const told = await play(`
    const handler = (name) => async () => { say(name + '-begins'); await settle(); await settle(); say(name + '-ends') }
    onInterrupt(handler('tell'), 'telling')
    onInterrupt(handler('services'))
    onInterrupt(handler('one'), 'stories')
    onInterrupt(handler('two'), 'stories')
    self('SIGTERM')`)
  assert.equal(
    told,
    'one-begins two-begins one-ends two-ends services-begins services-ends tell-begins tell-ends 143',
  )
})

test('a handler that fails keeps no other from running', async () => {
  const told = await play(`
    onInterrupt(async () => { throw new Error('no') }, 'stories')
    onInterrupt(() => { throw new Error('no') }, 'stories')
    onInterrupt(async () => say('told'), 'telling')
    self('SIGINT')`)
  assert.equal(told, 'told 130')
})

test('one that was taken back does not run; without any the signal ends the process', async () => {
  const told = await play(`
    onInterrupt(async () => say('never'))()
    self('SIGHUP')`)
  assert.equal(told, 'SIGHUP')
})

test('a run that was over before the signal came ends with the code that it had told', async () => {
  const told = await play(`
    onInterrupt(async () => { await settle(); return 0 }, 'telling')
    onInterrupt(async () => { await settle() })
    self('SIGTERM')`)
  assert.equal(told, '0')
})

test('a second signal runs the last resorts and ends at once', async () => {
  const told = await play(`
    onLastResort(() => say('by-force'))
    onInterrupt(() => { setTimeout(() => self('SIGINT'), 400); return new Promise(() => {}) })
    self('SIGINT')`)
  assert.equal(told, 'by-force 130')
})

test('an echo is no second one: at once, or within a second under npm', async () => {
  const script = (wait: number) => `
    onLastResort(() => say('by-force'))
    onInterrupt(async () => { setTimeout(() => self('SIGINT'), ${wait}); await new Promise((go) => setTimeout(go, 1000)); say('in-order') })
    self('SIGINT')`
  assert.equal(await play(script(20)), 'in-order 130')
  assert.equal(await play(script(400), { npm_lifecycle_event: 'test' }), 'in-order 130')
})

test('time that is up is 124', async () => {
  assert.equal(await play(`onInterrupt(async (signal) => say(signal)); interrupt('SIGALRM')`), 'SIGALRM 124')
})
