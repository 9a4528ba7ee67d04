import { createHash } from 'node:crypto'
import { basename, join, resolve } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The folder of the virtual environment: `.venv`, or one of its own for each `EXPORTER`, so that trying another release
 * or somebody's checkout leaves the pinned one as it is.
 */
export function venvFolder(root: string, env: Environment = process.env): string {
  const exporter = env['EXPORTER']
  if (exporter === undefined || exporter === '') return join(root, '.venv')
  if (isExporterVersion(exporter)) return join(root, '.shakedown', 'venv', `exporter-${exporter}`)
  const place = resolve(root, exporter)
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 8)
  return join(root, '.shakedown', 'venv', `${basename(place)}-${digest}`)
}

/** True for `0.2.4`, `0.3.0rc1` and the like; anything else that `EXPORTER` says is a path. */
export function isExporterVersion(text: string): boolean {
  return /^\d+(\.\d+)+((a|b|rc|\.dev|\.post)\d+)?$/.test(text)
}

/** The program of this name inside a virtual environment, whether it is there or not. */
export function venvProgram(folder: string, program: string): string {
  return process.platform === 'win32'
    ? join(folder, 'Scripts', `${program}.exe`)
    : join(folder, 'bin', program)
}
