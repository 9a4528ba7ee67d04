import { readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { derive, type Reading } from 'shakedown'
import { ACCESS_LOG, FOLDER, METRICS_FOLDER } from './app.ts'
import type { App } from './workers.ts'

/** What was in the application's folder before anything of ours was started, and what Python makes beside its sources. */
const SOURCES = [...readdirSync(FOLDER), '__pycache__']
/** What is in the folder of the service: its configuration, its log of requests, and its metrics where they are in files. */
const OWN = ['gunicorn.conf.py', ACCESS_LOG, METRICS_FOLDER]

/** What the application has written that nobody knows of: beside its sources, and where it may keep temporary files. */
export function leftOnDisk(app: App): Reading<readonly string[]> {
  return derive(app.pid, 'files that nobody asked for', async () => {
    const [beside, temporary] = await Promise.all([readdir(FOLDER), readdir(String(app.dir))])
    return [
      ...beside.filter((name) => !SOURCES.includes(name)).map((name) => `${FOLDER}/${name}`),
      ...temporary.filter((name) => !OWN.includes(name)).map((name) => `$HOME/${name}`),
    ]
  })
}
