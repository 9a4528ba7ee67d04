/** An element as a strict reader sees it. */
export interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Node[]
  readonly text: string
}

const TAG = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/y
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** Reads a document that has only elements, attributes and text; throws for anything that XML does not allow. */
export function readXml(source: string): Node {
  if (FORBIDDEN.test(source)) throw new Error('a character that XML does not allow')
  const start = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (!source.startsWith(start)) throw new Error('no declaration')
  const root: Node & { children: Node[]; text: string } = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  let position = start.length
  while (position < source.length) {
    const inner = open.at(-1) ?? root
    TAG.lastIndex = position
    const tag = TAG.exec(source)
    if (tag === null) {
      const end = source.indexOf('<', position)
      const text = source.slice(position, end < 0 ? source.length : end)
      if (text === '' || text.includes('>'))
        throw new Error(`not XML: ${source.slice(position, position + 60)}`)
      inner.text += resolve(text)
      position += text.length
      continue
    }
    position = TAG.lastIndex
    const [, closing, name = '', attributes = '', empty] = tag
    if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes something else`)
      continue
    }
    const node = { name, attributes: readAttributes(attributes), children: [], text: '' }
    inner.children.push(node)
    if (empty === '') open.push(node)
  }
  const [document, ...more] = root.children
  if (document === undefined || more.length > 0 || open.length > 1) throw new Error('not one root element')
  return document
}

/** Every element of that name below. */
export function allOf(node: Node, name: string): readonly Node[] {
  return node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...allOf(child, name)])
}

function readAttributes(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(ATTRIBUTE)].map(
    ([, name = '', value = '']) => [name, resolve(value)] as const,
  )
  if (new Set(found.map(([name]) => name)).size !== found.length) throw new Error('an attribute twice')
  return Object.fromEntries(found)
}

function resolve(text: string): string {
  const names: Readonly<Record<string, string>> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#10': '\n',
    '#9': '\t',
  }
  return text.replace(/&([^;]*;?)/g, (whole, body: string) => {
    const sign = body.endsWith(';') ? names[body.slice(0, -1)] : undefined
    if (sign === undefined) throw new Error(`not a reference: ${whole}`)
    return sign
  })
}
