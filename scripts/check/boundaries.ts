import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { type Finding, type Import, importsOf, readSources, type Source } from './source.ts'
import { type Table, tableWith } from './table.ts'

interface Layer {
  readonly name: string
  readonly units: readonly string[]
  readonly mayImport: readonly string[]
  readonly eachOther: boolean
}

interface Rules {
  readonly layers: readonly Layer[]
  /** Package → the folders that may import it. */
  readonly packages: ReadonlyMap<string, readonly string[]>
}

/** Every import under `src/` that the tables in ARCHITECTURE.md do not allow, and every file that they do not know. */
export async function checkBoundaries(
  root: string,
): Promise<{ readonly findings: readonly Finding[]; readonly at: number }> {
  const rules = readRules(await readFile(posix.join(root, 'ARCHITECTURE.md'), 'utf8'))
  const sources = await readSources(root, ['src/**/*.{ts,mts}'])
  return { findings: sources.flatMap((source) => checkSource(source, rules)), at: sources.length }
}

/** The rules as the document's tables state them; throws when a table is missing or names an unknown layer. */
export function readRules(document: string): Rules {
  const layers = tableWith(document, 'layer', 'folders and files', 'may import').map(toLayer)
  const names = layers.map((layer) => layer.name)
  for (const layer of layers) {
    const unknown = layer.mayImport.find((name) => !names.includes(name))
    if (unknown !== undefined)
      throw new Error(`ARCHITECTURE.md: ${layer.name} may import ${unknown}, which is no layer`)
  }
  const packages = tableWith(document, 'package', 'only in')
  return {
    layers,
    packages: new Map(packages.map((row) => [unquoted(row['package'])[0] ?? '', unquoted(row['only in'])])),
  }
}

function toLayer(row: Table[number]): Layer {
  const words = (row['may import'] ?? '').split(',').map((word) => word.trim())
  return {
    name: row['layer'] ?? '',
    units: unquoted(row['folders and files']),
    mayImport: words.filter((word) => word !== 'each other' && word !== ''),
    eachOther: words.includes('each other'),
  }
}

function unquoted(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')
}

function checkSource(source: Source, rules: Rules): readonly Finding[] {
  const own = placeOf(source.file, rules)
  if (own === undefined) {
    return [{ file: source.file, line: 1, message: 'is in no layer: add it to the table in ARCHITECTURE.md' }]
  }
  return importsOf(source).flatMap((one) => {
    const message = one.from.startsWith('.')
      ? checkRelative(source.file, one, rules)
      : checkPackage({ unit: own.unit, file: source.file }, one, rules)
    return message === undefined ? [] : [{ file: source.file, line: one.line, message }]
  })
}

function checkRelative(file: string, { from }: Import, rules: Rules): string | undefined {
  const target = posix.join(posix.dirname(file), from)
  if (!target.startsWith('src/')) return `imports ${from}, which is outside of src/`
  const [own, other] = [placeOf(file, rules), placeOf(target, rules)]
  if (own === undefined || other === undefined || own.unit === other.unit) return undefined
  if (own.layer === other.layer) {
    return own.layer.eachOther
      ? undefined
      : `imports ${from}: folders of the layer ${own.layer.name} never import each other`
  }
  if (own.layer.mayImport.includes(other.layer.name)) return undefined
  return `imports ${from}: the layer ${own.layer.name} may not import the layer ${other.layer.name}`
}

function checkPackage(
  { unit, file }: { readonly unit: string; readonly file: string },
  { from, kind }: Import,
  rules: Rules,
): string | undefined {
  if (isBuiltin(from)) return undefined
  const name = from.split('/', from.startsWith('@') ? 2 : 1).join('/')
  const folders = rules.packages.get(name)
  if (folders === undefined)
    return `imports the package ${name}, which the table in ARCHITECTURE.md does not know`
  if (!folders.includes(unit)) return `imports the package ${name}, which only ${folders.join(' and ')} may`
  // What runs in a browser is bundled: there is nothing to load later.
  return kind === 'value' && !file.includes('/browser/')
    ? `imports the package ${name} at once: use await import('${from}') or import type`
    : undefined
}

/** The layer of a file and the unit of it that the table names: the longest name that fits. */
function placeOf(
  file: string,
  { layers }: Rules,
): { readonly layer: Layer; readonly unit: string } | undefined {
  const path = file.slice('src/'.length)
  const fits = (unit: string) =>
    unit.endsWith('/') ? path.startsWith(unit) : unit === '*.ts' ? !path.includes('/') : path === unit
  const places = layers.flatMap((layer) => layer.units.filter(fits).map((unit) => ({ layer, unit })))
  return places.sort((a, b) => weigh(b.unit) - weigh(a.unit))[0]
}

function weigh(unit: string): number {
  return unit === '*.ts' ? 0 : unit.length
}
