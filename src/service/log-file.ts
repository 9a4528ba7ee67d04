import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { emit } from '../event.ts'

/** The whole log of a service on disk: a line is its time, its stream and the text. */
export interface LogFile {
  readonly path: string
  /** Appends whole lines, without the last line end. */
  append(stream: 'stdout' | 'stderr', lines: string): void
  /** Bytes written so far. */
  readonly size: number
  /** True once the disk refused something: from then on the file is not the whole log. */
  readonly broken: boolean
  /** The texts of the first `bytes` of the file. */
  lines(bytes: number): AsyncIterable<string>
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
    async *lines(bytes) {
      if (bytes === 0) return
      const { createInterface } = await import('node:readline')
      const input = createReadStream(path, { end: bytes - 1 })
      for await (const line of createInterface({ input })) yield line.slice(PREFIX)
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}
