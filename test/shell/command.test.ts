import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { type Context, runInContext } from '../../src/context.ts'
import { expect } from '../../src/expect/expect.ts'
import { createReference } from '../../src/reference.ts'
import { $ } from '../../src/shell/command.ts'
import { root } from '../cli/script.ts'
import { failureOf } from '../failure.ts'
import { pidsOf, until } from '../service/until.ts'

const folder = mkdtempSync(join(tmpdir(), 'shakedown-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function contextUntil(signal: AbortSignal): Context {
  return {
    scenario: '1',
    signal,
    own: () => {},
    owe: () => {},
    countClaim: () => {},
    fail: () => {},
    workdir: () => folder,
  }
}

describe('a command', () => {
  test('gives what it printed on both streams', async () => {
    const output = await $`echo out; echo err >&2`
    assert.deepEqual(output, { code: 0, stdout: 'out\n', stderr: 'err\n' })
  })

  test('gets every word as it is, lists as several, references resolved (KIT-02)', async () => {
    const words = ["it's", 'a "b" $c `d` \\e', 'two\nlines', '', '-n', '*', 'ä😀']
    const { stdout } = await $`printf '[%s]' ${words} ${'one word'} ${7} x${'y'}z`
    assert.equal(stdout, `${words.map((word) => `[${word}]`).join('')}[one word][7][xyz]`)
    const port = createReference('a port', [], () => 4711)
    assert.equal((await $`echo ${port}`).stdout, '4711\n')
    assert.equal((await $`printf %s-%s ${[]} end`).stdout, 'end-')
  })

  test('runs at once, and only once', async () => {
    const file = join(folder, 'once')
    const command = $`echo ran >> ${file}`
    await until('it ran', () => existsSync(file))
    await command
    await command
    assert.equal(readFileSync(file, 'utf8'), 'ran\n')
  })

  test('reads nothing, so that what would read ends', async () => {
    assert.equal((await $`cat`).stdout, '')
  })

  test('throws when any part of it fails, with its last words', async () => {
    const failure = await failureOf($`echo first; echo 'no such table' >&2; false | true`)
    assert.match(
      failure.message,
      /^command failed: echo first.*\n {2}expected {2}exit code 0\n {2}last {6}exit code 1\n {2}at .*command\.test\.ts:\d+\n {2}log {7}no such table\n {12}first$/,
    )
    assert.match((await failureOf($`echo ${'x'}; exit 3`)).message, /command failed: echo x; exit 3\n/)
    assert.match((await failureOf($`echo "$NOT_SET_ANYWHERE"`)).message, /unbound variable|parameter not set/)
  })

  test('says by which signal it ended, as shells do', async () => {
    await expect($`kill -KILL $$`).toExit(137)
    await expect($`kill -TERM $$`).toExit(143)
    await expect($`no-such-command-anywhere`).toExit(127, { stderr: /not found/ })
  })

  test('is claimed to exit in a way, with what it printed', async () => {
    const output = await expect($`echo hello; exit 3`).toExit(3, { stdout: /^hello$/m })
    assert.equal(output.stdout, 'hello\n')
    const failure = await failureOf(expect($`echo hello`).toExit(0, { stdout: /bye/, stderr: /x/ }))
    assert.match(
      failure.message,
      /hint {6}stdout: expected \/bye\/, saw "hello\\n"\n {12}stderr: expected \/x\/, saw ""/,
    )
  })

  test('needs no bash', async () => {
    const bin = mkdtempSync(join(folder, 'bin-'))
    for (const name of ['sh', 'echo', 'false', 'true']) symlinkSync(`/bin/${name}`, join(bin, name))
    const script = `
      import { $ } from './src/shell/command.ts'
      const { stdout } = await $\`echo \${"it's here"} "$0"\`
      process.stdout.write(stdout)`
    const words = ['--input-type=module', '--eval', script]
    const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root, env: { PATH: bin } })
    assert.match(stdout, /^it's here \/bin\/sh\n$/)
  })
})

describe('a command of a scenario', () => {
  for (const [what, line] of [
    ['it and its children', 'sleep 4711.MARK & sleep 4711.MARK; wait'],
    ['what ignores SIGTERM', "trap '' TERM; sleep 4711.MARK & wait; sleep 4711.MARK"],
  ] as const) {
    test(`ends with it: ${what}`, async () => {
      const mark = `${parseInt(randomBytes(5).toString('hex'), 16)}`
      const over = new AbortController()
      const text = line.replaceAll('MARK', mark)
      const command = runInContext(contextUntil(over.signal), () => $`eval ${text}`)
      await until('it runs', () => pidsOf(`sleep 4711.${mark}`).length > 0)
      over.abort(new Error('the scenario is over'))
      await assert.rejects(Promise.resolve(command), /the scenario is over/)
      await until('it is gone', () => pidsOf(`sleep 4711.${mark}`).length === 0)
    })
  }

  test('does not even begin when it is over', async () => {
    const signal = AbortSignal.abort(new Error('the scenario is over'))
    const file = join(folder, 'never')
    const command = runInContext(contextUntil(signal), () => $`echo > ${file}`)
    await assert.rejects(Promise.resolve(command), /the scenario is over/)
    assert.ok(!existsSync(file))
  })
})

test('a process that ends takes its commands with it', async () => {
  const mark = `4711.${parseInt(randomBytes(5).toString('hex'), 16)}`
  const script = `
    import { $ } from './src/shell/command.ts'
    $\`sleep ${mark}\`
    setInterval(() => {}, 1000)
    process.on('message', () => process.exit(0))
    process.stdin.once('data', () => process.exit(0)).resume()`
  const child = execFile(process.execPath, ['--input-type=module', '--eval', script], { cwd: root })
  await until('it runs', () => pidsOf(`sleep ${mark}`).length > 0)
  child.stdin?.write('end\n')
  await until('it is gone', () => pidsOf(mark).length === 0)
})
