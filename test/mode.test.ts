import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { plainEnvironment, root } from './cli/script.ts'

async function modeWith(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const script =
    "import { describeMode, mode } from './src/mode.ts'; console.log(JSON.stringify(describeMode(mode)))"
  const words = ['--input-type=module', '--eval', script, '--', 'x', ...args]
  try {
    return await promisify(execFile)(process.execPath, words, {
      cwd: root,
      env: { ...plainEnvironment(), ...env },
    })
  } catch (error) {
    return { stdout: '', stderr: String(error) }
  }
}

async function read(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return JSON.parse((await modeWith(env, ...args)).stdout)
}

test('the mode is full, what the flag says, or what the environment says', async () => {
  assert.equal((await read({})).name, 'full')
  assert.equal((await read({}, '--quick')).name, 'quick')
  assert.equal((await read({ SHAKEDOWN_MODE: 'ci' }, '--quick')).name, 'ci')
})

test('the environment changes single values, in the kind that they have', async () => {
  const mode = await read({
    SHAKEDOWN_MODE_TTL: '3s',
    SHAKEDOWN_MODE_SCRAPE_INTERVAL: '250ms',
    SHAKEDOWN_MODE_RATE: '7/s',
    SHAKEDOWN_MODE_STRICT: 'true',
    SHAKEDOWN_PATIENCE: '1s',
  })
  assert.equal(mode.ttl, '3.0s')
  assert.equal(mode.scrapeInterval, '250ms')
  assert.equal(mode.rate, '7/s')
  assert.equal(mode.strict, true)
  assert.equal(mode.patience, '1.0s')
})

test('a name that no mode has is the project’s own', async () => {
  const mode = await read({ SHAKEDOWN_MODE_WARM_UP: '2m', SHAKEDOWN_MODE_REGION: 'north' })
  assert.equal(mode.warmUp, '2m 00s')
  assert.equal(mode.region, 'north')
})

test('what cannot be is refused by name', async () => {
  assert.match(
    (await modeWith({ SHAKEDOWN_MODE: 'quik' })).stderr,
    /unknown mode: quik\n.*did you mean quick\?/,
  )
  assert.match((await modeWith({ SHAKEDOWN_MODE_TTL: '3' })).stderr, /SHAKEDOWN_MODE_TTL=3 is no duration/)
  assert.match(
    (await modeWith({ SHAKEDOWN_MODE_RATE: 'fast' })).stderr,
    /SHAKEDOWN_MODE_RATE=fast is no rate/,
  )
  assert.match(
    (await modeWith({ SHAKEDOWN_MODE_STRICT: 'x' })).stderr,
    /SHAKEDOWN_MODE_STRICT=x is no yes or no/,
  )
})

test('the limit of latency grows with the load of the machine while a run lasts, and not where it is set by hand', async () => {
  const script = `
    import os from 'node:os'
    import { syncBuiltinESMExports } from 'node:module'
    os.loadavg = () => [globalThis.load, 0, 0]
    os.availableParallelism = () => 2
    syncBuiltinESMExports()
    globalThis.load = 0.5
    const { mode } = await import('./src/mode.ts')
    const idle = mode.latency
    globalThis.load = 25
    console.log(idle, mode.latency)`
  const told = async (env = {}) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        cwd: root,
        env: { ...plainEnvironment(), ...env },
      },
    )
    return stdout.trim()
  }
  assert.equal(await told(), '2s 26000ms')
  assert.equal(await told({ SHAKEDOWN_MODE_LATENCY: '70ms' }), '70ms 70ms')
})
