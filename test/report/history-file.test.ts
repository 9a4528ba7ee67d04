import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { HistoryEntry } from '../../src/report/history.ts'
import { keepHistory, readHistory } from '../../src/report/history-file.ts'

test('runs are kept in the order in which they ended, one a line', async () => {
  await inFolder(async (folder) => {
    assert.deepEqual(await readHistory(folder), [])
    await keepHistory(folder, entry('a', 1))
    await keepHistory(folder, entry('b', 2))
    assert.deepEqual(
      (await readHistory(folder)).map(({ run }) => run),
      ['a', 'b'],
    )
    assert.equal((await readFile(join(folder, 'history.ndjson'), 'utf8')).split('\n').length, 3)
  })
})

test('the reports of a run that are made again replace its entry', async () => {
  await inFolder(async (folder) => {
    await keepHistory(folder, entry('a', 1))
    await keepHistory(folder, entry('b', 2))
    await keepHistory(folder, { ...entry('a', 1), exit: 1 })
    assert.deepEqual(
      (await readHistory(folder)).map(({ run, exit }) => [run, exit]),
      [
        ['a', 1],
        ['b', 0],
      ],
    )
  })
})

test('a line that was cut off, and one of another version, are left out', async () => {
  await inFolder(async (folder) => {
    await keepHistory(folder, entry('a', 1))
    await appendFile(join(folder, 'history.ndjson'), '{"version":2}\n{"version":1,"ru\n')
    await keepHistory(folder, entry('b', 2))
    assert.deepEqual(
      (await readHistory(folder)).map(({ run }) => run),
      ['a', 'b'],
    )
  })
})

test('of very many runs the last ones stay', async () => {
  await inFolder(async (folder) => {
    const lines = Array.from(
      { length: 500 },
      (_, index) => `${JSON.stringify(entry(`run-${index}`, index))}\n`,
    )
    await appendFile(join(folder, 'history.ndjson'), lines.join(''))
    await keepHistory(folder, entry('last', 1000))
    const kept = await readHistory(folder)
    assert.deepEqual([kept.length, kept[0]?.run, kept.at(-1)?.run], [200, 'run-301', 'last'])
  })
})

test('two runs that end at the same moment are both kept', async () => {
  await inFolder(async (folder) => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => keepHistory(folder, entry(`run-${index}`, index))),
    )
    assert.equal((await readHistory(folder)).length, 20)
  })
})

async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'history-'))
  try {
    await act(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function entry(run: string, began: number): HistoryEntry {
  return {
    ...{ version: 1, run, began, seconds: 1, mode: 'quick', exit: 0, finished: true },
    ...{ machine: {}, versions: {}, findings: [], tests: {}, boots: {} },
  }
}
