import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Row, tell, timeCommand } from './measure.ts'

/** Programs of npm that the bench is compared with: installed for its time only, never dependencies. */
const PARSERS = ['parse-prometheus-text-format@1.1.1', 'prom2javascript@0.2.0'] as const
const LOADS = ['autocannon@9.0.0'] as const

/** `parse` beside JSON.parse and the best parser of npm, on the same samples. */
export async function measureParse(folder: string): Promise<readonly Row[]> {
  await install(folder, PARSERS)
  const { output } = await timeCommand(process.execPath, '--expose-gc', 'bench/parse.mts', folder)
  tell(output)
  const size = /^.* samples/.exec(output)?.[0] ?? ''
  return [
    {
      what: 'speed of `parse` : JSON.parse of the same samples',
      measured: `${find(output, /parse : JSON\.parse = (\S+)/)}×`,
      goal: '≥ 0.6×',
      note: size,
    },
    {
      what: 'speed of `parse` : best parser of npm',
      measured: `${find(output, /parse : best npm parser = (\S+)/)}×`,
      goal: '–',
      note: PARSERS.join(', '),
    },
  ]
}

/** The load engine beside autocannon and wrk, on one nginx. */
export async function measureTraffic(folder: string, runs: number): Promise<readonly Row[]> {
  const missing = ['nginx', 'wrk'].filter((name) => !isThere(name))
  if (missing.length > 0) {
    const note = `not measured: apt-get install ${missing.join(' ')}`
    return [{ what: 'rate of `traffic` : autocannon, wrk', measured: '–', goal: '≥ 1×, ≥ 0.6×', note }]
  }
  await install(folder, LOADS)
  const given = ['--runs', String(runs), '--autocannon', folder]
  const { output } = await timeCommand(process.execPath, 'bench/traffic.mts', ...given)
  tell(output)
  const rates = /median +(.*)/.exec(output)?.[1] ?? ''
  const note = `50 connections, one nginx; ${rates}; median of ${runs} turns`
  const frugal = (name: string) =>
    `for each second of the client's processor time ${find(output, new RegExp(`frugality .*?([\\d.]+) of ${name}`))}×`
  return [
    {
      what: 'rate of `traffic` : autocannon',
      measured: `${find(output, /ratio .*?([\d.]+) of autocannon/)}×`,
      goal: '≥ 1×',
      note: `${frugal('autocannon')}; ${note}`,
    },
    {
      what: 'rate of `traffic` : wrk',
      measured: `${find(output, /ratio .*?([\d.]+) of wrk/)}×`,
      goal: '≥ 0.6×',
      note: `${frugal('wrk')}; the same`,
    },
  ]
}

async function install(folder: string, packages: readonly string[]): Promise<void> {
  tell(`installing ${packages.join(' ')} into a temporary folder`)
  const given = ['--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', ...packages]
  const { code, output } = await timeCommand('npm', 'install', ...given)
  if (code !== 0) throw new Error(output)
}

function isThere(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(':')
  return folders.some((folder) => existsSync(join(folder, program)))
}

function find(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[1] ?? 'nothing'
}
