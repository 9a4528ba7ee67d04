import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { emit } from '../event.ts'
import { createLineCutter } from './log-lines.ts'

/** The whole log of a service on disk: a line is its time, its stream and the text. */
export interface LogFile {
  readonly path: string
  /** Appends whole lines, without the last line end. */
  append(stream: 'stdout' | 'stderr', lines: string): void
  /** Bytes written so far. */
  readonly size: number
  /** True once the disk refused something: from then on the file is not the whole log. */
  readonly broken: boolean
  /** The texts of the first `bytes` of the file, some at a time. */
  lines(bytes: number): AsyncIterable<readonly string[]>
  close(): void
}

// 2026-11-21T10:45:00.123Z out text
const PREFIX = 29

/** Opens the file for appending. A disk that is full or read-only costs the file, never the service. */
export function openLogFile(path: string): LogFile {
  let descriptor: number | undefined
  let size = 0
  let broken = false

  function attempt(act: () => void): void {
    try {
      act()
    } catch (error) {
      broken = true
      const why = error instanceof Error ? error.message : String(error)
      emit({ kind: 'note', level: 'notice', text: `the log ${path} is incomplete: ${why}` })
    }
  }

  attempt(() => {
    mkdirSync(dirname(path), { recursive: true })
    descriptor = openSync(path, 'a', 0o644)
  })
  return {
    path,
    append(stream, lines) {
      const file = descriptor
      if (file === undefined || broken) return
      const prefix = `${new Date().toISOString()} ${stream.slice(3)} `
      attempt(() => {
        size += writeSync(file, `${prefix}${lines.replaceAll('\n', `\n${prefix}`)}\n`)
      })
    },
    get size() {
      return size
    },
    get broken() {
      return broken
    },
    lines: (bytes) => readLines(path, bytes),
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}

const BLOCK = 1 << 16

/** One block after the other in the same memory: `readline` fills a queue faster than anybody empties it. */
async function* readLines(path: string, bytes: number): AsyncIterable<readonly string[]> {
  if (bytes === 0) return
  await using file = await open(path)
  const block = Buffer.alloc(BLOCK)
  let lines: string[] = []
  const cutter = createLineCutter((more) => {
    lines = more.map((line) => line.slice(PREFIX))
  })
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(block, 0, Math.min(BLOCK, bytes - at), at)
    if (bytesRead === 0) return
    at += bytesRead
    lines = []
    cutter.write(block.subarray(0, bytesRead))
    yield lines
  }
}
