import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Where all lines of a service are, relative to the folder of the run; undefined where they were not kept. */
export async function findLogFiles(
  folder: string | undefined,
): Promise<(script: string, service: string) => string | undefined> {
  const files = folder === undefined ? [] : await listLogs(join(folder, 'logs'))
  return (script, service) => {
    const own = basename(script).replace(/\.[cm]?[jt]s$/, '')
    const named = files.filter((file) => basename(file) === `${service}.log`)
    return named.find((file) => file.split('/').includes(own)) ?? (named.length === 1 ? named[0] : undefined)
  }
}

async function listLogs(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder, { recursive: true })
    return names.map((name) => `logs/${name.replaceAll('\\', '/')}`).filter((name) => name.endsWith('.log'))
  } catch {
    return [] // nothing was kept
  }
}
