import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isTelling, redact } from '../redact.ts'

/** A folder of evidence while it is filled. Only its owner can read it. */
export interface EvidenceFolder {
  /** Writes a file without secrets, and cut where it is too long. What is beyond the whole folder's size is left out. */
  put(name: string, text: string): void
  /** What was written, by its path in the folder. */
  readonly files: readonly string[]
  /** What could not be had, and why. */
  readonly missing: string[]
}

/** Characters of one file, and of all of them together: evidence of a flood must not be another one. */
const LONGEST_FILE = 1_000_000
const LONGEST_FOLDER = 20_000_000
const LONGEST_NAME = 80

/** A folder that is made with its first file. */
export function createEvidenceFolder(folder: string): EvidenceFolder {
  const files: string[] = []
  const missing: string[] = []
  let size = 0
  return {
    files,
    missing,
    put(name, text) {
      const path = name.split('/').map(safeName).join('/')
      const bounded = cut(redact(text))
      size += bounded.length
      if (size > LONGEST_FOLDER) return void missing.push(`${path}: the folder is full`)
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      writeFileSync(file, bounded, { mode: 0o600 })
      files.push(path)
    },
  }
}

/** A text as the name of a file on any system, bounded. */
export function safeName(text: string): string {
  const safe = text.replace(/[^\p{Letter}\p{Number}._-]+/gu, '-').replace(/^[.-]+|-+$/g, '')
  return safe.slice(0, LONGEST_NAME) || 'x'
}

/** Variables a line each, sorted; those whose name says that they are secret without their value. */
export function showVariables(variables: Readonly<Record<string, string | undefined>>): string {
  const names = Object.keys(variables).sort()
  return names.map((name) => `${name}=${isTelling(name) ? '[secret]' : (variables[name] ?? '')}\n`).join('')
}

function cut(text: string): string {
  if (text.length <= LONGEST_FILE) return text
  return `${text.slice(0, LONGEST_FILE)}\n… (${text.length - LONGEST_FILE} more characters)\n`
}
