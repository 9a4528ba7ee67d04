import type { Dialect, Exposition, ExpositionFinding, Family, Metadata } from './exposition.ts'
import { suffixesOf } from './family.ts'

/** HELP, TYPE or UNIT given twice, or only after the first sample. */
export function* findMetadataMistakes(family: Family): Generator<ExpositionFinding> {
  const { name, metadata, samples } = family
  const firstSample = samples[0]?.line ?? Number.POSITIVE_INFINITY
  const first = new Map<Metadata['kind'], number>()
  for (const { kind, line } of metadata) {
    const word = kind.toUpperCase()
    const before = first.get(kind)
    if (before !== undefined) {
      const message = `${word} of ${name} stands in line ${before} already`
      yield { rule: 'repeated-metadata', message, line, family: name }
      continue
    }
    first.set(kind, line)
    if (line < firstSample) continue
    const message = `${word} of ${name} comes after its first sample in line ${firstSample}`
    yield { rule: 'late-metadata', message, line, family: name }
  }
}

/** A unit that the name does not end with, or one for a type that has no unit. */
export function* findUnitMistakes({ name, type, unit, metadata }: Family): Generator<ExpositionFinding> {
  const line = metadata.find(({ kind }) => kind === 'unit')?.line
  if (line === undefined || unit === undefined || unit === '') return
  if (type === 'info' || type === 'stateset') {
    yield {
      rule: 'unit-not-allowed',
      message: `${name} is of type ${type}, which has no unit`,
      line,
      family: name,
    }
  }
  if (!name.endsWith(`_${unit}`)) {
    yield { rule: 'unit-suffix', message: `${name} does not end with its unit: _${unit}`, line, family: name }
  }
}

/** Two families that would have samples of the same name. */
export function* findNameClashes({ families, dialect }: Exposition): Generator<ExpositionFinding> {
  const owners = new Map<string, string>()
  for (const family of families) {
    const names = namesOf(family, dialect)
    const taken = names.find((name) => owners.has(name))
    if (taken !== undefined) {
      const line = Math.min(family.metadata[0]?.line ?? Infinity, family.samples[0]?.line ?? Infinity)
      const message = `${family.name} clashes with ${owners.get(taken)}: ${taken} would belong to both`
      yield { rule: 'name-clash', message, line, family: family.name }
    }
    for (const name of names) owners.set(name, family.name)
  }
}

/** The family's own name is taken even where no sample may have it. */
function namesOf({ name, type }: Family, dialect: Dialect): readonly string[] {
  return [...new Set(['', ...suffixesOf(type, dialect)])].map((suffix) => name + suffix)
}
