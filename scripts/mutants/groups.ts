import type { Fault, Shown } from './fault.ts'

const REDIS = ['redis'] as const
const APPS = ['redis', 'files'] as const

/** Faults that are loaded into the running exporter. */
export function inExporter(
  group: string,
  shown: readonly Shown[],
  names: readonly string[],
): readonly Fault[] {
  return names.map((name) => ({ name, group, way: 'exporter', shown }))
}

/** Faults in the settings of a program that the exporter works with. */
export function inProgram(way: 'prometheus' | 'redis-server', names: readonly string[]): readonly Fault[] {
  const group = way === 'prometheus' ? 'Prometheus' : 'Redis'
  return names.map((name) => ({ name, group, way, shown: REDIS }))
}

/** Faults in gunicorn's own settings, by the variable that it reads them from. */
export function byGunicorn(
  settings: Readonly<Record<string, { readonly words: string; readonly about: string }>>,
): readonly Fault[] {
  return Object.entries(settings).map(([name, { words, about }]) => {
    const env = { GUNICORN_CMD_ARGS: words }
    return { name, group: 'gunicorn', way: 'variable', shown: APPS, about, env }
  })
}
