import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect } from '../../src/metrics/exposition.ts'

const VARIABLE = 'SHAKEDOWN_CONFORMANCE'

/** The folder with the suites of OpenMetrics, Prometheus and its client libraries; they are not part of this project. */
export const folder = process.env[VARIABLE]

/** Why the suites are skipped; false when they are there. */
export const skip =
  folder === undefined ? `${VARIABLE} does not name the folder of the conformance suites` : (false as const)

/** One text with what its suite says about it. */
export interface Case {
  readonly id: string
  readonly dialect: Dialect
  readonly source: string | Uint8Array
  readonly accept: boolean
  readonly families: readonly GoldenFamily[] | undefined
  readonly entries: readonly GoldenEntry[] | undefined
}

/** A family as client_python read it. */
export interface GoldenFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly unit: string
  readonly samples: readonly GoldenSample[]
}

export interface GoldenSample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value?: GoldenNumber
  readonly timestamp?: GoldenTime
  readonly exemplar?: {
    readonly labels: Readonly<Record<string, string>>
    readonly value: GoldenNumber
    readonly timestamp: GoldenTime
  }
}

export type GoldenNumber = number | string
export type GoldenTime = number | { readonly sec: number; readonly nsec: number } | null

/** A line as Prometheus read it: a series, a HELP, a TYPE, a UNIT or a comment. */
export interface GoldenEntry {
  readonly m?: string
  readonly value?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly timestamp_ms?: string
  readonly exemplars?: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly value: string
    readonly timestamp_ms?: string
  }[]
  readonly help?: string
  readonly type?: string
  readonly unit?: string
  readonly comment?: string
}

interface Row {
  readonly id: string
  readonly format: string
  readonly input?: string
  readonly input_base64?: string
  readonly accept?: boolean
  readonly families?: readonly GoldenFamily[]
  readonly expected_entries?: readonly GoldenEntry[]
}

/** The cases of one file with a JSON object a line. */
export function readCases(file: string): readonly Case[] {
  return readRows(file).map((row) => ({
    id: row.id,
    dialect: row.format.startsWith('openmetrics') ? 'openmetrics' : 'text',
    source: row.input_base64 === undefined ? (row.input ?? '') : Buffer.from(row.input_base64, 'base64'),
    accept: row.accept ?? true,
    families: row.families,
    entries: row.expected_entries,
  }))
}

/** The folders of the OpenMetrics test data. */
export function readOpenMetricsCases(): readonly Case[] {
  const golden = readGolden()
  const root = 'openmetrics/tests/testdata/parsers'
  return readdirSync(inFolder(root))
    .sort()
    .map((name) => {
      const verdict: { shouldParse: boolean } = JSON.parse(readText(`${root}/${name}/test.json`))
      return {
        id: name,
        dialect: 'openmetrics',
        source: readFileSync(inFolder(`${root}/${name}/metrics`)),
        accept: verdict.shouldParse,
        families: golden.get(`openmetrics/${name}`),
        entries: undefined,
      }
    })
}

/** Whole files: the two corpora and the real expositions. */
export function readFiles(path: string, pattern: RegExp): readonly Case[] {
  const golden = readGolden()
  const names = readdirSync(inFolder(path)).filter((name) => pattern.test(name))
  return names.map((name) => ({
    id: `${path}/${name}`,
    dialect: name.includes('.om.') ? 'openmetrics' : 'text',
    source: readFileSync(inFolder(`${path}/${name}`)),
    accept: !name.includes('error'),
    families: golden.get(`${path}/${name}`),
    entries: undefined,
  }))
}

/** What client_python made of the other suites' texts, by id. */
export function readGolden(): ReadonlyMap<string, readonly GoldenFamily[] | undefined> {
  return new Map(readRows('client_python/golden_for_other_data.jsonl').map((row) => [row.id, row.families]))
}

function readRows(file: string): readonly Row[] {
  return readText(file)
    .trim()
    .split('\n')
    .map((line): Row => JSON.parse(line))
}

function readText(path: string): string {
  return readFileSync(inFolder(path), 'utf8')
}

function inFolder(path: string): string {
  const whole = join(folder ?? '', path)
  if (!existsSync(whole)) throw new Error(`${VARIABLE} is ${folder}, which has no ${path}`)
  return whole
}
