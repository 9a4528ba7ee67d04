import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { redact } from '../../redact.ts'

/** Lines of a script around one of them, from the file as it is when the report is made. */
export interface Excerpt {
  readonly file: string
  readonly line: number
  readonly lines: readonly { readonly number: number; readonly text: string }[]
}

const AROUND = 5
const LONGEST = 240

/** The lines around `file:line`, looked for from these folders on; undefined where there is no such file any more. */
export async function readExcerpt(
  at: string | undefined,
  folders: readonly string[],
): Promise<Excerpt | undefined> {
  const [, file, number] = /^(.*):(\d+)$/.exec(at ?? '') ?? []
  if (file === undefined || number === undefined) return undefined
  const text = await readFirst(folders.map((folder) => resolve(folder, file)))
  if (text === undefined) return undefined
  const line = Number(number)
  const all = hideSecrets(text).split('\n')
  if (line > all.length) return undefined
  const from = Math.max(1, line - AROUND)
  const lines = all.slice(from - 1, line + AROUND - 1).map((text, index) => ({
    number: from + index,
    text: text.slice(0, LONGEST),
  }))
  return { file, line, lines }
}

/** Where the files of a run may be looked for: where the report is made, and above the program of the run. */
export function foldersOf(command: readonly string[]): readonly string[] {
  const folders = [process.cwd()]
  const [, program] = command
  if (program === undefined) return folders
  for (let folder = dirname(resolve(program)); !folders.includes(folder); folder = dirname(folder))
    folders.push(folder)
  return folders
}

/** What the script registers as a secret, written out in it, is known to its own process only. */
function hideSecrets(text: string): string {
  const own = [...text.matchAll(/\bsecret\(\s*(['"`])(.{4,}?)\1\s*\)/g)].map(([, , value = '']) => value)
  return own.reduce((shown, value) => shown.replaceAll(value, '[secret]'), redact(text))
}

async function readFirst(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    try {
      return await readFile(file, 'utf8')
    } catch {
      // moved or removed since the run: the report has everything else
    }
  }
  return undefined
}
