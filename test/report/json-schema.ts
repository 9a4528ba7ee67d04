/** As much of JSON Schema as `fixtures/schemas/` uses; a keyword that is not here is an error, so that none is silently ignored. */
export interface Schema {
  readonly [keyword: string]: unknown
}

type Check = (wanted: unknown, value: unknown, at: Place) => readonly string[]

interface Place {
  readonly path: string
  readonly schema: Schema
  readonly root: Schema
}

/** Everything that is wrong with a value, with the path to it; nothing when it keeps to the schema. */
export function findMistakes(
  value: unknown,
  schema: Schema,
  { root, path }: { readonly root: Schema; readonly path: string } = { root: schema, path: '$' },
): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, wanted]) => {
    if (NOTES.includes(keyword)) return []
    const check = Object.hasOwn(CHECKS, keyword) ? CHECKS[keyword] : undefined
    if (check === undefined) throw new Error(`unknown keyword of a schema: ${keyword}`)
    return check(wanted, value, { path, schema, root })
  })
}

const NOTES: readonly string[] = ['$schema', '$defs', 'title', 'additionalProperties']

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
}

const CHECKS: Readonly<Record<string, Check>> = {
  type: (wanted, value, { path }) => when(TYPES[String(wanted)]?.(value) !== true, `${path} is no ${wanted}`),
  const: (wanted, value, { path }) => when(value !== wanted, `${path} is not ${JSON.stringify(wanted)}`),
  enum: (wanted, value, { path }) => when(!listOf(wanted).includes(value), `${path} is none of ${wanted}`),
  minimum: (wanted, value, { path }) => when(Number(value) < Number(wanted), `${path} is below ${wanted}`),
  minLength: (wanted, value, { path }) => when(String(value).length < Number(wanted), `${path} is too short`),
  minItems: (wanted, value, { path }) => when(listOf(value).length < Number(wanted), `${path} has too few`),
  pattern: (wanted, value, { path }) =>
    when(!new RegExp(String(wanted)).test(String(value)), `${path} does not match ${wanted}`),
  required: (wanted, value, { path }) =>
    listOf(wanted).flatMap((name) =>
      when(!Object.hasOwn(Object(value), String(name)), `${path}.${name} is missing`),
    ),
  items: (wanted, value, { path, root }) =>
    listOf(value).flatMap((item, index) =>
      findMistakes(item, asSchema(wanted), { root, path: `${path}[${index}]` }),
    ),
  properties: (wanted, value, { path, schema, root }) =>
    Object.entries(Object(value)).flatMap(([name, part]) => {
      const known: unknown = Reflect.get(Object(wanted), name)
      if (known !== undefined) return findMistakes(part, asSchema(known), { root, path: `${path}.${name}` })
      return when(schema['additionalProperties'] === false, `${path}.${name} is not known`)
    }),
  $ref: (wanted, value, { path, root }) => {
    const names = String(wanted).split('/').slice(1)
    const found = names.reduce((part: unknown, name) => Reflect.get(Object(part), name), root)
    return findMistakes(value, asSchema(found), { root, path })
  },
}

function when(isWrong: boolean, mistake: string): readonly string[] {
  return isWrong ? [mistake] : []
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asSchema(value: unknown): Schema {
  if (!isObject(value)) throw new Error(`not a schema: ${JSON.stringify(value)}`)
  return value
}
