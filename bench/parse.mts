#!/usr/bin/env node
// How fast `parse` reads 24 MB of classic text, beside JSON.parse of the same samples and beside npm's parsers:
//   scripts/node --expose-gc bench/parse.mts [folder into which the two parsers were installed with npm install --prefix]
import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { resolve } from 'node:path'
import { parse } from '../src/metrics/parse.ts'

const ROUNDS = 9
const FAMILIES = 927
const LINES_PER_FAMILY = 216
const GOAL = 0.6
const RIVALS = ['parse-prometheus-text-format', 'prom2javascript'] as const

type Run = () => unknown

const text = writeText()
const { samples } = parse(text)
const json = JSON.stringify(samples)
const bytes = Buffer.from(text)
const openMetrics = `${text.replace(/^(# (?:HELP|TYPE) \S+)_total /gm, '$1 ')}# EOF\n`

const contenders: Record<string, Run> = {
  'JSON.parse': () => JSON.parse(json),
  parse: () => parse(text),
  'parse (bytes)': () => parse(bytes),
  'parse (OpenMetrics)': () => parse(openMetrics, { contentType: 'application/openmetrics-text' }),
  'parse, families': () => parse(text).families,
  ...findRivals(process.argv[2]),
}

const times = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(contenders)) times.get(name)?.push(await measure(run))
}
print()

function print(): void {
  const reference = medianOf('JSON.parse')
  const size = `${(text.length / 1e6).toFixed(1)} MB, ${samples.length} samples, ${FAMILIES} families`
  say(
    `${size}; median of ${ROUNDS}; ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}\n`,
  )
  say('| parser | ms | MB/s | speed, JSON.parse = 1 |')
  say('|---|---|---|---|')
  for (const name of times.keys()) {
    const time = medianOf(name)
    const speed = (text.length / 1000 / time).toFixed(0)
    say(`| ${name} | ${time.toFixed(0)} | ${speed} | ${(reference / time).toFixed(2)} |`)
  }
  const ratio = reference / medianOf('parse')
  const rivals = RIVALS.filter((name) => times.has(name))
  say(`\nparse : JSON.parse = ${ratio.toFixed(2)} (goal ≥ ${GOAL})`)
  if (rivals.length === 0) say('the npm parsers were not measured: give the folder they are installed in')
  else say(`parse : best npm parser = ${(Math.min(...rivals.map(medianOf)) / medianOf('parse')).toFixed(2)}`)
}

async function measure(run: Run): Promise<number> {
  globalThis.gc?.()
  const start = performance.now()
  await run()
  return performance.now() - start
}

function medianOf(name: string): number {
  const sorted = (times.get(name) ?? []).toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The first is a function of the text, the second a promise over an iterator of lines. */
function findRivals(folder: string | undefined): Record<string, Run> {
  if (folder === undefined) return {}
  const require = createRequire(`${resolve(folder)}/`)
  const readText = asFunction(require(RIVALS[0]))
  const readLines = asFunction(require(RIVALS[1]).getMetricsFromIterator)
  return { [RIVALS[0]]: () => readText(text), [RIVALS[1]]: () => readLines(text.split('\n').values()) }
}

function asFunction(value: unknown): (input: unknown) => unknown {
  if (typeof value !== 'function')
    throw new TypeError('an npm parser does not export the function it had in 2026')
  return (input) => value(input)
}

/** Counters, gauges, histograms and summaries, the same text in every run. */
function writeText(): string {
  const lines: string[] = []
  const random = createRandom(42)
  for (let family = 0; family < FAMILIES; family += 1) {
    const type = (['counter', 'gauge', 'histogram', 'summary'] as const)[family % 4] ?? 'gauge'
    const name = `service_${family}_requests_${type}${type === 'counter' ? '_total' : ''}`
    lines.push(
      `# HELP ${name} Requests that part ${family} of the service has seen.`,
      `# TYPE ${name} ${type}`,
    )
    const end = lines.length + LINES_PER_FAMILY
    for (let series = 0; lines.length < end; series += 1)
      lines.push(...writeSeries({ type, name, series, random }))
  }
  return `${lines.join('\n')}\n`
}

function writeSeries(of: {
  type: string
  name: string
  series: number
  random: () => number
}): readonly string[] {
  const { type, name, series, random } = of
  const method = ['GET', 'POST', 'PUT', 'DELETE'][series % 4]
  const labels = `instance="10.0.${series % 7}.${series % 250}:9090",handler="/api/v1/things/${series}",method="${method}"`
  if (type === 'counter')
    return [`${name}{${labels},code="${200 + (series % 5)}"} ${Math.floor(random() * 1e7)}`]
  if (type === 'gauge')
    return [
      `${name}{${labels}} ${series % 2 ? (random() * 1e9).toExponential(6) : (random() * 1e3).toFixed(3)}`,
    ]
  const total = [`${name}_sum{${labels}} ${random() * 1000}`]
  if (type === 'summary') {
    const quantiles = ['0.5', '0.9', '0.99'].map(
      (quantile) => `${name}{${labels},quantile="${quantile}"} ${random()}`,
    )
    return [...quantiles, ...total, `${name}_count{${labels}} ${Math.floor(random() * 1e5)}`]
  }
  let count = 0
  const limits = ['0.005', '0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf']
  const buckets = limits.map((limit) => {
    count += Math.floor(random() * 100)
    return `${name}_bucket{${labels},le="${limit}"} ${count}`
  })
  return [...buckets, ...total, `${name}_count{${labels}} ${count}`]
}

function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
