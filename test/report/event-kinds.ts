import { readFileSync } from 'node:fs'
import { parse } from '@babel/parser'
import type { Statement, TSType, TSTypeElement } from '@babel/types'

/** The fields of every kind of event as the union in the source has them; optional ones end in `?`. */
export function readKinds(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, readonly TSTypeElement[]>()
  const parents = new Map<string, readonly string[]>()
  for (const file of files) {
    const { program } = parse(readFileSync(file, 'utf8'), { sourceType: 'module', plugins: ['typescript'] })
    for (const statement of program.body) note(statement)
  }

  function note(statement: Statement): void {
    const inner = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (inner?.type !== 'TSInterfaceDeclaration') return
    members.set(inner.id.name, inner.body.body)
    const names = (inner.extends ?? []).map(({ expression }) =>
      expression.type === 'Identifier' ? expression.name : '',
    )
    parents.set(inner.id.name, names)
  }

  function all(name: string): readonly TSTypeElement[] {
    const own = members.get(name)
    if (own === undefined) throw new Error(`no interface ${name}`)
    return [...(parents.get(name) ?? []).flatMap(all), ...own]
  }

  function fieldsOf(type: TSType): readonly string[] {
    if (type.type === 'TSTypeLiteral') return type.members.map(nameOf)
    if (type.type === 'TSIntersectionType') return type.types.flatMap(fieldsOf)
    if (type.type === 'TSTypeReference' && type.typeName.type === 'Identifier')
      return all(type.typeName.name).map(nameOf)
    throw new Error(`a kind of event is described by ${type.type}`)
  }

  const kinds = all('Kinds').map((member) => {
    if (member.type !== 'TSPropertySignature' || member.typeAnnotation == null) throw new Error('no kind')
    return [nameOf(member), fieldsOf(member.typeAnnotation.typeAnnotation)] as const
  })
  return new Map([...kinds, ['in every event', ['kind', ...all('Stamp').map(nameOf)]]])
}

function nameOf(member: TSTypeElement): string {
  if (member.type !== 'TSPropertySignature') throw new Error(`a field is described by ${member.type}`)
  const { key, optional } = member
  const name = key.type === 'Identifier' ? key.name : key.type === 'StringLiteral' ? key.value : ''
  return `${name}${optional === true ? '?' : ''}`
}
