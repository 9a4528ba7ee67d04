import { cleanText } from './clean.ts'

/** An element: its attributes (those that are undefined are left out), and its children or its text. */
export interface Element {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number | undefined>>
  readonly children?: readonly Element[]
  readonly text?: string
}

/** A document with this root. Characters that XML does not allow are spelt out. */
export function renderXml(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root, '')}`
}

function render({ name, attributes = {}, children = [], text }: Element, indent: string): string {
  const words = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeAttribute(String(value))}"`],
  )
  const open = `${indent}<${name}${words.join('')}`
  if (text !== undefined) return `${open}>${escapeText(text)}</${name}>\n`
  if (children.length === 0) return `${open}/>\n`
  const inner = children.map((child) => render(child, `${indent}  `)).join('')
  return `${open}>\n${inner}${indent}</${name}>\n`
}

function escapeText(text: string): string {
  // U+FFFE and U+FFFF are characters, but not in XML.
  const allowed = cleanText(text.toWellFormed()).replace(/[\ufffe\uffff]/g, '\ufffd')
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')
}
