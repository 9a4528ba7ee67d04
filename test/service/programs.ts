import { fileURLToPath } from 'node:url'
import type { ProgramSpec } from '../../src/service/spec.ts'

/** Where the fixture programs are. */
export const FOLDER = fileURLToPath(new URL('../../fixtures/programs/', import.meta.url))

/** The command of one of the fixture programs. */
export function command(name: string, ...args: readonly string[]): readonly string[] {
  return name.endsWith('.sh') ? ['sh', FOLDER + name, ...args] : [process.execPath, FOLDER + name, ...args]
}

/** A program that listens and answers. */
export function answering(more: Partial<ProgramSpec> = {}): ProgramSpec {
  return {
    name: 'web',
    run: command('answers_http.mjs'),
    port: { env: 'PORT' },
    ready: { http: '/' },
    ...more,
  }
}

/** A program that says `ready` and listens nowhere. */
export function saying(name: string, ...args: readonly string[]): ProgramSpec {
  return {
    name: name.replace(/\.\w+$/, ''),
    run: command(name, ...args),
    port: 'none',
    ready: { log: /^ready$/ },
  }
}
