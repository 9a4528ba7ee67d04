import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { descendantsOf, type ProcessEntry, type ProcessTable } from '../../../src/service/process/table.ts'
import { procTable } from '../../../src/service/process/table-proc.ts'
import { psTable } from '../../../src/service/process/table-ps.ts'

/** What every table must tell. On Linux there are both, so both are looked at. */
const TABLES: readonly (readonly [string, ProcessTable])[] =
  process.platform === 'linux'
    ? [
        ['/proc', procTable],
        ['ps', psTable],
      ]
    : [['ps', psTable]]

for (const [name, table] of TABLES) {
  describe(`the process table by ${name}`, () => {
    test('tells parent, group, start and command of a process that lives', async (t) => {
      const child = spawn('sleep', ['1127'], {
        detached: true,
        env: { MARK: 'a=b', PATH: process.env['PATH'] },
      })
      t.after(() => child.kill('SIGKILL'))
      await once(child, 'spawn')
      const pid = child.pid ?? 0
      const entry = table.read(pid)
      assert.ok(entry)
      assert.deepEqual([entry.pid, entry.parent, entry.group, entry.zombie], [pid, process.pid, pid, false])
      assert.equal(entry.name, 'sleep')
      assert.ok(entry.start !== '' && entry.rss >= 0 && entry.cpu >= 0)
      assert.equal(table.read(pid)?.start, entry.start)
      assert.ok(table.list().some((other) => other.pid === pid && other.start === entry.start))
      assert.equal(table.environments([pid]).get(pid)?.['MARK'], 'a=b')
      assert.equal(table.command(pid), 'sleep 1127')
      child.kill('SIGKILL')
      await once(child, 'exit')
      assert.equal(table.read(pid), undefined)
      assert.equal(table.environments([pid]).get(pid), undefined)
      assert.equal(table.command(pid), '')
    })

    test('tells who is gone and only not noticed yet', async (t) => {
      const shell = spawn('sh', ['-c', 'sleep 0.1 & echo $!; kill -STOP $$'])
      t.after(() => shell.kill('SIGKILL'))
      const [text] = await once(shell.stdout, 'data')
      const zombie = Number(text)
      while (table.read(zombie)?.zombie === false) await new Promise(setImmediate)
      assert.equal(table.read(zombie)?.zombie, true)
    })

    test('agrees about this process', () => {
      const entry = table.read(process.pid)
      assert.equal(entry?.parent, process.ppid)
      assert.ok(entry.cpu >= 0)
      assert.ok(Math.abs(entry.rss - process.memoryUsage().rss) < 100_000_000)
    })
  })
}

test('descendants are found in whatever order the table has them', () => {
  const entry = (pid: number, parent: number): ProcessEntry => ({
    ...{ pid, parent, group: 0, session: 0, start: '', zombie: false, name: '', cpu: 0, rss: 0 },
  })
  const entries = [entry(5, 4), entry(4, 3), entry(3, 2), entry(9, 1)]
  assert.deepEqual(
    descendantsOf([3], entries).map(({ pid }) => pid),
    [4, 5],
  )
})
