import './own-state.ts'
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Event, listen } from '../../src/event.ts'
import { secret } from '../../src/redact.ts'
import { createLog, type Log } from '../../src/service/log.ts'
import { createLineCutter } from '../../src/service/log-lines.ts'
import { createRing } from '../../src/service/log-ring.ts'
import { createLogs } from '../../src/service/logs.ts'
import { createProgram } from '../../src/service/program.ts'
import { start } from '../../src/service/start.ts'
import { command } from './programs.ts'
import { until } from './until.ts'

describe('lines', () => {
  test('are the same however their bytes are cut into chunks', () => {
    const texts = fc.array(
      fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
    )
    const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 7 }))
    fc.assert(
      fc.property(texts, cuts, (lines, sizes) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
        const wanted = bytes.toString().split('\n').slice(0, -1)
        assert.deepEqual(cutAt(bytes, sizes), wanted)
      }),
    )
  })

  test('end without a line end, without half of a character, and without a carriage return', () => {
    assert.deepEqual(cutAt(Buffer.from('a\r\n\nb')), ['a', '', 'b'])
    assert.deepEqual(cutAt(Buffer.from([0x61, 0xf0, 0x9f])), ['a\uFFFD'])
  })

  test('are cut when they have no end, in bounded memory', () => {
    const lines: string[] = []
    const cutter = createLineCutter((more) => lines.push(...more))
    const block = Buffer.alloc(65_536, 'x')
    for (let count = 0; count < 100; count += 1) cutter.write(block)
    cutter.write(Buffer.from('\nnext\n'))
    assert.equal(lines[0], `${'x'.repeat(16_384)} … (6537216 more characters)`)
    assert.equal(lines[1], 'next')
  })
})

test('a ring keeps the newest, more than half of what it may', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (sizes) => {
      const ring = createRing<number>(20, 100)
      for (const [index, size] of sizes.entries()) ring.push(index, size)
      const items = ring.items()
      assert.deepEqual(items, [...sizes.keys()].slice(sizes.length - items.length))
      assert.ok(items.length <= 20)
      assert.equal(ring.overflowed, items.length < sizes.length)
      assert.deepEqual(ring.last(3), items.slice(-3))
    }),
  )
})

describe('what a service printed', () => {
  test('is found from its first line on, long after the line has left the memory', async () => {
    const { log, logs } = makeLogs()
    write(log, 'the port is 4711')
    for (let count = 0; count < 30_000; count += 1) write(log, `request ${count}`)
    assert.deepEqual(await logs.lines(/the port is/).read(), ['the port is 4711'])
    const hundreds = logs.lines(/00$/)
    assert.equal((await hundreds.read()).length, 299)
    write(log, 'request 100')
    assert.equal((await hundreds.read()).length, 300)
    assert.equal((await logs.lines(/00$/).read()).length, 300)
  })

  test('is matched line by line, whatever flags the pattern has', async () => {
    const { log, logs } = makeLogs()
    for (let count = 0; count < 3; count += 1) write(log, 'same')
    assert.equal((await logs.lines(/same/g).read()).length, 3)
    assert.equal((await logs.lines(/same/y).read()).length, 3)
  })

  test('is shown of both streams, also when one of them is flooded', () => {
    const { log } = makeLogs()
    write(log, 'the reason', 'stderr')
    for (let count = 0; count < 5000; count += 1) write(log, `noise ${count}`)
    const tail = log.tail(10).map(({ text }) => text)
    assert.equal(tail.length, 10)
    assert.equal(tail[0], 'the reason')
    assert.equal(tail.at(-1), 'noise 4999')
  })

  test('has no secrets in memory, in events or on disk', async () => {
    const word = secret('hunter2-and-more')
    const { log, logs, path } = makeLogs()
    const events: Event[] = []
    const stopListening = listen((event) => events.push(event))
    write(log, `the password is ${word}.`)
    stopListening()
    assert.deepEqual(await logs.lines(/password/).read(), ['the password is [secret].'])
    assert.doesNotMatch(JSON.stringify(events), /hunter2/)
    assert.match(readFileSync(path, 'utf8'), /^\d{4}-\d\d-\d\dT[\d:.]+Z out the password is \[secret\]\.\n$/)
  })

  test('is told as events up to 100,000 lines', () => {
    const { log } = makeLogs()
    let lines = 0
    const notes: string[] = []
    const stopListening = listen((event) => {
      if (event.kind === 'log') lines += 1
      if (event.kind === 'note') notes.push(event.text)
    })
    for (let count = 0; count < 100_010; count += 1) write(log, 'x')
    stopListening()
    assert.equal(lines, 100_000)
    assert.deepEqual(notes, [
      'web printed more than 100000 lines: the report ends there, its log file goes on',
    ])
  })

  test('is not lost without a word when the disk refuses it', async () => {
    const log = createLog('web')
    const notes: string[] = []
    const stopListening = listen((event) => event.kind === 'note' && notes.push(event.text))
    log.open('/dev/full')
    for (let count = 0; count < 10_000; count += 1) write(log, `line ${count}`)
    stopListening()
    assert.equal(notes.length, 1)
    assert.match(notes[0] ?? '', /the log \/dev\/full is incomplete: ENOSPC/)
    const logs = createLogs({ name: 'web' }, log)
    await assert.rejects(logs.lines(/line 3$/).read(), /the beginning of the log is lost/)
  })

  test('comes from real programs byte by byte, in halves, and from the other stream when one is closed', async () => {
    await using odd = createProgram({
      name: 'odd',
      run: command('prints_half_characters.mjs'),
      port: 'none',
      ready: { log: /still here/ },
    })
    await start(odd)
    await until('its stdout is closed', () => odd.logs.tail(10).length === 3)
    assert.deepEqual(odd.logs.tail(10).toSorted(), ['a\uFFFD', 'grüße 🚢', 'still here'])
  })
})

function makeLogs() {
  const folder = mkdtempSync(join(tmpdir(), 'shakedown-log-'))
  const path = join(folder, 'web.log')
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const log = createLog('web')
  log.open(path)
  return { log, logs: createLogs({ name: 'web' }, log), path }
}

function write(log: Log, line: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
  log.write(stream, Buffer.from(`${line}\n`))
}

function cutAt(bytes: Buffer, sizes: Iterable<number> = [bytes.length || 1]): readonly string[] {
  const lines: string[] = []
  const cutter = createLineCutter((more) => lines.push(...more))
  let from = 0
  for (const size of sizes) {
    if (from >= bytes.length) break
    cutter.write(bytes.subarray(from, from + size))
    from += size
  }
  cutter.end()
  return lines
}
