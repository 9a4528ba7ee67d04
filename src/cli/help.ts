import { describeMode, MODES } from '../mode.ts'
import { type Flags, showFlags } from './flags.ts'
import type { SystemTest } from './system-test.ts'

/** The text of `--help`: what is proven, the flags, the modes as data, the environment, the exit codes. */
export function showHelp(test: SystemTest, flags: Flags): string {
  return [
    test.about,
    '',
    `usage: ${test.name} [flags]`,
    '',
    showFlags(flags),
    '',
    ...showEnvironment(test.environment ?? {}),
    showReference(),
  ].join('\n')
}

/** What is the same for everything that runs scripts: the modes and the exit codes. */
export function showReference(): string {
  return [
    'modes',
    ...Object.values(MODES).map((mode) => `  ${mode.name.padEnd(6)} ${showMode(describeMode(mode))}`),
    '',
    'exit codes',
    '  0 passed · 1 a scenario failed · 2 usage · 3 something is missing or a port is taken · 4 left behind',
    '  99 threshold crossed · 124 deadline · 129/130/143 interrupted, after the teardown',
  ].join('\n')
}

/** A mode on one line: `ttl 2.0s · load 1.0s at 100/s · …`. */
export function showMode(mode: Readonly<Record<string, string | boolean>>): string {
  const words = [
    `ttl ${mode['ttl']}`,
    `load ${mode['load']} at ${mode['rate']}`,
    `scrapes every ${mode['scrapeInterval']}`,
  ]
  return [...words, `latency limit ${mode['latency']}`, `patience ${mode['patience']}`].join(' · ')
}

function showEnvironment(environment: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(environment)
  if (names.length === 0) return []
  const width = Math.max(...names.map((name) => name.length))
  return [
    'environment',
    ...Object.entries(environment).map(([name, about]) => `  ${name.padEnd(width)}  ${about}`),
    '',
  ]
}
