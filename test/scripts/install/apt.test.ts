import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, root, run, writeIn } from '../project.ts'

const SCRIPT = join(root, 'src', 'cli', 'install', 'apt.sh')
const POLICY = 'sbin/policy-rc.d'
const canUnshare = process.getuid?.() === 0 && existsSync('/usr/bin/unshare') && existsSync('/proc/self')
const skip = canUnshare ? false : 'needs root on Linux, to see /usr/sbin as an empty folder'

/** An apt-get that notes what a package would hear when it asks to start its daemon, and enables a unit as packages do. */
const APT_GET = `#!/bin/sh
[ "$1" != update ] || exit 0
said=0
/usr/sbin/policy-rc.d redis-server start || said=$?
echo "asked: $said" >> "$NOTES"
echo "$*" >> "$NOTES"
echo new.service >> "$ENABLED"
eval "$THEN"
`
const SYSTEMCTL = `#!/bin/sh
case $* in
  *list-unit-files*) sed 's/$/ enabled enabled/' "$ENABLED" ;;
  *disable*) for unit; do :; done; grep -vxF "$unit" "$ENABLED" > "$ENABLED.new"; mv "$ENABLED.new" "$ENABLED" ;;
esac
`

/** Runs the installer where /usr/sbin is a folder of the test, with an apt-get and a systemctl of its own. */
async function install(options: { readonly policy?: string; readonly after?: string } = {}) {
  const folder = await makeFolder({
    'bin/apt-get': APT_GET,
    'bin/systemctl': SYSTEMCTL,
    'sbin/empty': '',
    enabled: 'old.service\n',
  })
  if (options.policy !== undefined) await chmod(await writeIn(folder.path, POLICY, options.policy), 0o751)
  const inside = `mount --bind '${folder.path}/sbin' /usr/sbin && exec sh '${SCRIPT}' redis-server prometheus`
  const env = {
    PATH: `${folder.path}/bin:${process.env['PATH']}`,
    NOTES: join(folder.path, 'notes'),
    ENABLED: join(folder.path, 'enabled'),
    THEN: options.after ?? '',
  }
  const ended = await run(['unshare', '--mount', '--propagation', 'private', 'sh', '-c', inside], { env })
  const read = (name: string) => readFile(join(folder.path, name), 'utf8').catch(() => undefined)
  return {
    ...folder,
    ended,
    notes: await read('notes'),
    enabled: await read('enabled'),
    policy: await read(POLICY),
    read,
  }
}

test('nothing may start while packages are installed, and no policy is left (GUN-069, GUN-087)', {
  skip,
}, async () => {
  await using done = await install()
  assert.equal(done.ended.code, 0, done.ended.stderr)
  assert.match(done.notes ?? '', /asked: 101\n.*install -y --no-install-recommends redis-server prometheus/)
  assert.equal(done.policy, undefined)
})

test('units that the packages enabled are disabled again, the others stay', { skip }, async () => {
  await using done = await install()
  assert.equal(done.enabled, 'old.service\n')
})

test('a policy that already says no is not touched', { skip }, async () => {
  const own = '#!/bin/sh\n# of the machine\nexit 101\n'
  await using done = await install({ policy: own })
  assert.match(done.notes ?? '', /asked: 101/)
  assert.equal(done.policy, own)
})

test('a policy that allows comes back as it was, mode and all', { skip }, async () => {
  const own = '#!/bin/sh\nexit 0\n'
  await using done = await install({ policy: own })
  assert.match(done.notes ?? '', /asked: 101/)
  assert.equal(done.policy, own)
  const { stdout } = await run(['stat', '-c', '%a', join(done.path, POLICY)])
  assert.equal(stdout.trim(), '751')
})

test('a package manager that fails leaves everything as it was, and its exit code counts', {
  skip,
}, async () => {
  const own = '#!/bin/sh\nexit 0\n'
  await using done = await install({ policy: own, after: 'echo no such package >&2; exit 100' })
  assert.equal(done.ended.code, 100)
  assert.match(done.ended.stderr, /no such package/)
  assert.equal(done.policy, own)
  assert.equal(done.enabled, 'old.service\n')
})

test('an interrupt in the middle leaves everything as it was', { skip }, async () => {
  await using done = await install({ after: 'kill -INT $PPID' })
  assert.equal(done.ended.code, 130)
  assert.equal(done.policy, undefined)
})

test('a policy that a killed installer left forbids nothing, and the next one removes it', {
  skip,
}, async () => {
  await using killed = await install({ policy: '#!/bin/sh\nexit 0\n', after: 'kill -KILL $PPID' })
  assert.match(killed.policy ?? '', /shakedown's installer/)
  const inside = `mount --bind '${killed.path}/sbin' /usr/sbin && /usr/sbin/policy-rc.d any start; echo "says $?"; sh '${SCRIPT}' x`
  const env = {
    PATH: `${killed.path}/bin:${process.env['PATH']}`,
    NOTES: '/dev/null',
    ENABLED: join(killed.path, 'enabled'),
    THEN: '',
  }
  const after = await run(['unshare', '--mount', '--propagation', 'private', 'sh', '-c', inside], { env })
  assert.match(after.stdout, /says 0/)
  assert.equal(await killed.read(POLICY), '#!/bin/sh\nexit 0\n')
})

test('a missing list of packages is fetched, and the installation tried again', { skip }, async () => {
  const once = 'if [ ! -e "$NOTES.failed" ]; then touch "$NOTES.failed"; exit 100; fi'
  await using done = await install({ after: once })
  assert.equal(done.ended.code, 0)
  assert.equal(done.notes?.match(/asked: 101/g)?.length, 2)
})
