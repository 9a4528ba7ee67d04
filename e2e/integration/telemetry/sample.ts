import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workdir } from 'shakedown'
import type { TelemetryReading } from '../../../fixtures/systems/telemetry/reading.ts'

/** The columns of a file, as the documents have them: written out again, not the pipeline's own list, which is tested. */
export const COLUMNS = [
  'timestamp',
  'gpu_id',
  'uuid',
  'device',
  'modelName',
  'Hostname',
  'gpu_utilization',
  'memory_utilization',
  'memory_used_mb',
  'memory_free_mb',
  'temperature',
  'power_draw',
  'sm_clock_mhz',
  'memory_clock_mhz',
] as const

/** A row, as text. */
export type Row = Readonly<Record<(typeof COLUMNS)[number], string>>

/** GPUs of the sample: host, index, uuid. The last temperature of the third is the first that is too hot. */
const GPUS = [
  ['test-host-1', '0', 'GPU-12345-67890-ABCDE'],
  ['test-host-1', '1', 'GPU-12345-67890-ABCDF'],
  ['test-host-2', '0', 'GPU-FEDCB-09876-54321'],
  ['test-host-2', '1', 'GPU-FEDCB-09876-54322'],
  ['test-host-1', '2', 'GPU-ABCDE-12345-FGHIJ'],
] as const

const TEMPERATURES = [72, 71.5, 80.25, 66, 79, 84.9, 72.5, 85, 65.5, 84] as const

/** The ten rows of the documents: five GPUs on two hosts, each twice. */
export function sampleRows(): readonly Row[] {
  return makeRows(10).map((row, index) => ({ ...row, temperature: (TEMPERATURES[index] ?? 0).toFixed(1) }))
}

/** So many rows, a second apart, of the five GPUs in turn; no two have the same values. */
export function makeRows(count: number, start = '2024-01-15T10:00:00Z'): readonly Row[] {
  const begin = Date.parse(start)
  return Array.from({ length: count }, (_, index) => {
    const [hostname, id, uuid] = GPUS[index % GPUS.length] ?? GPUS[0]
    return {
      timestamp: new Date(begin + index * 1000).toISOString().replace('.000Z', 'Z'),
      ...{ gpu_id: id, uuid, device: `nvidia${id}`, modelName: 'NVIDIA H100 80GB HBM3', Hostname: hostname },
      gpu_utilization: (85.5 - (index % 40)).toFixed(1),
      memory_utilization: (60.2 + (index % 30)).toFixed(1),
      ...{ memory_used_mb: String(48_000 + index), memory_free_mb: String(32_000 - index) },
      temperature: (60 + (index % 20)).toFixed(1),
      power_draw: (350.5 + (index % 10)).toFixed(1),
      ...{ sm_clock_mhz: String(1410 + (index % 7)), memory_clock_mhz: '1215' },
    }
  })
}

/** Writes rows into a file of the running scenario, which goes with it. */
export function writeCsv(name: string, rows: readonly Row[], columns: readonly string[] = COLUMNS): string {
  const lines = rows.map((row) => COLUMNS.map((column) => row[column]).join(','))
  return writeText(name, `${[columns.join(','), ...lines].join('\n')}\n`)
}

/** Writes a file of the running scenario. */
export function writeText(name: string, text: string): string {
  const path = join(workdir(), name)
  writeFileSync(path, text)
  return path
}

/** A row as the gateway must answer it: read here by means of the tests' own, because the pipeline's are what is tested. */
export function toReading(row: Row): TelemetryReading {
  return {
    ...{ timestamp: row.timestamp, gpu_id: row.gpu_id, uuid: row.uuid, device: row.device },
    ...{ model_name: row.modelName, hostname: row.Hostname },
    gpu_utilization: Number(row.gpu_utilization),
    memory_utilization: Number(row.memory_utilization),
    memory_used_mb: Number(row.memory_used_mb),
    memory_free_mb: Number(row.memory_free_mb),
    temperature: Number(row.temperature),
    power_draw: Number(row.power_draw),
    sm_clock_mhz: Number(row.sm_clock_mhz),
    memory_clock_mhz: Number(row.memory_clock_mhz),
  }
}

/** What the gateway must answer for one GPU: all its rows, the newest first. */
export function readingsOf(rows: readonly Row[], uuid: string) {
  return rows
    .filter((row) => row.uuid === uuid)
    .map(toReading)
    .reverse()
}

/** The different values of a column. */
export function distinct(rows: readonly Row[], column: (typeof COLUMNS)[number]): readonly string[] {
  return [...new Set(rows.map((row) => row[column]))].sort()
}
