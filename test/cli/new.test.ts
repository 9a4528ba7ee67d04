import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { nameFile, splitWords, writeServiceScript } from '../../src/cli/new/script.ts'
import { makeWorkspace, type Workspace } from './workspace.ts'

// What `shakedown init` and `shakedown new` write is run as it stands.

const made: Workspace[] = []
after(() => {
  for (const one of made) one.remove()
})

function workspace(): Workspace {
  const one = makeWorkspace()
  made.push(one)
  return one
}

const SERVER = `require("node:http").createServer((q, r) => r.end("hi")).listen(process.argv[1], "127.0.0.1")`

describe('shakedown', { concurrency: 2 }, () => {
  test('init makes a project that is green, and a second time it keeps everything', async () => {
    const one = workspace()
    const { code, stdout, stderr } = await one.shakedown(['init'])
    assert.equal(code, 0, stdout + stderr)
    const files = ['package.json', '.gitignore', '.github/workflows/system-test.yml', 'e2e/first_look.mts']
    for (const file of files) assert.match(stdout, new RegExp(`wrote +${file.replaceAll('.', '\\.')}`))
    assert.match(stdout, /✓ passed {2}1 scenario/)
    const texts = files.map((file) => readFileSync(join(one.folder, file), 'utf8'))
    const again = await one.shakedown(['init'])
    assert.equal(again.code, 0)
    for (const file of files) assert.match(again.stdout, new RegExp(`kept +${file.replaceAll('.', '\\.')}`))
    assert.deepEqual(
      files.map((file) => readFileSync(join(one.folder, file), 'utf8')),
      texts,
    )
    assert.equal(JSON.parse(texts[0] ?? '').type, 'module')
  })

  test('init takes a program of the user', async () => {
    const one = workspace()
    const { code, stdout } = await one.shakedown([
      'init',
      'greeter',
      '--run',
      `node -e '${SERVER}' {port}`,
      '--http',
      '/',
    ])
    assert.equal(code, 0, stdout)
    assert.match(stdout, /✓ it answers/)
    const unknown = await one.shakedown(['init', 'greeter'])
    assert.equal(unknown.code, 2)
    assert.match(unknown.stderr, /how is greeter started\?\n.*--run 'greeter -p \{port\}'/)
  })

  test('new writes scripts that are green, and overwrites none', async () => {
    const one = workspace()
    const first = await one.shakedown(['new', 'scenario', "a visitor's", 'log-in'])
    assert.match(
      first.stdout,
      /wrote +e2e\/a_visitor_s_log_in\.mts\nnext: shakedown run e2e\/a_visitor_s_log_in\.mts/,
    )
    await one.shakedown(['new', 'service', 'import', '--run', "node -e 'setInterval(() => {}, 99)'"])
    const { code, stdout } = await one.shakedown(['run'])
    assert.equal(code, 0, stdout)
    assert.match(stdout, /✓ passed {2}2 scenarios/)
    const twice = await one.shakedown(['new', 'service', 'import', '--run', 'true'])
    assert.equal(twice.code, 2)
    assert.match(twice.stderr, /e2e\/import\.mts is there already/)
  })

  test('new refuses what it does not know', async () => {
    const one = workspace()
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['scenari', 'x'], /shakedown new scenari\n.*did you mean scenario\?/],
      [[], /new what\?/],
      [['service', 'nats'], /how is nats started\?/],
      [['scenario', '!'], /"!" is no name/],
      [['scenario', 'x', '--run', 'y'], /--run is for a service/],
      [['service', 'x', '--run', "a 'b"], /a quote is not closed/],
      [['service', 'x', '--run', 'a', '--http', '/'], /--http is for a program that listens/],
    ]
    for (const [words, message] of cases) {
      const { code, stderr } = await one.shakedown(['new', ...words])
      assert.equal(code, 2, words.join(' '))
      assert.match(stderr, message)
    }
  })

  test('a command line becomes words', () => {
    assert.deepEqual(splitWords(`a 'b c' --d="e f" g'h'i`), ['a', 'b c', '--d=e f', 'ghi'])
    const text = writeServiceScript({
      name: 'my-db',
      run: "my-db --listen={host}:{port} --at {dir} '`$' {port}",
    })
    assert.match(text, /const myDb = service/)
    assert.ok(
      text.includes(
        "run: ({ port, host, dir }) => ['my-db', `--listen=${host}:${port}`, '--at', dir, '`$', port],",
      ),
    )
    assert.equal(nameFile('My Server, v2'), 'my_server_v2')
  })
})
