import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Finding, listFiles } from './source.ts'

const CODE = /^(ts|mts|tsx|typescript|js|mjs|javascript)$/
/** Folders of the project: a path in a text that begins with one of them is a claim that it exists. */
const PATH = /^(src|scripts|e2e|fixtures|test|bench|docs|\.github|\.ci)\/[\w./-]*$/

interface Block {
  readonly language: string
  readonly line: number
  readonly text: string
  /** What the comment above names: `path#region`, or `path` for a whole file. */
  readonly from: string | undefined
}

/** Everything in the documents that does not agree with the project: code that is not cut from a file, dead links and paths. */
export async function checkDocs(
  root: string,
): Promise<{ readonly findings: readonly Finding[]; readonly at: number }> {
  const files = await listFiles(root, ['*.md', 'docs/**/*.md', '{e2e,fixtures,bench,test}/**/README.md'])
  const findings = await Promise.all(files.map((file) => checkDocument(root, file)))
  return { findings: findings.flat(), at: files.length }
}

async function checkDocument(root: string, file: string): Promise<readonly Finding[]> {
  const text = await readFile(join(root, file), 'utf8')
  const blocks = blocksOf(text)
  const wrong = await Promise.all(
    blocks.map(async (block) => ({ line: block.line, message: await checkBlock(root, block) })),
  )
  const prose = withoutBlocks(text)
  const dead = [...(await deadLinks(root, file, prose)), ...deadPaths(root, prose)]
  return [...wrong, ...dead].flatMap(({ line, message }) =>
    message === undefined ? [] : [{ file, line, message }],
  )
}

async function checkBlock(root: string, { language, from, text }: Block): Promise<string | undefined> {
  if (from === undefined) {
    return CODE.test(language)
      ? 'has code that names no source: put <!-- from path#region --> above it'
      : undefined
  }
  const [path = '', region] = from.split('#')
  if (!existsSync(join(root, path))) return `is cut from ${path}, which does not exist`
  const source = regionOf(await readFile(join(root, path), 'utf8'), region)
  if (source === undefined) return `is cut from ${from}, but ${path} has no region of that name`
  const differing = source.split('\n').findIndex((line, index) => line !== text.split('\n')[index])
  if (source === text) return undefined
  return `differs from ${from}${differing < 0 ? ': it has more lines' : ` at its line ${differing + 1}`}`
}

/** The text of a region (`#region name` … `#endregion` in comments) without its indentation, or a whole file; undefined when there is none. */
export function regionOf(text: string, region: string | undefined): string | undefined {
  if (region === undefined) return text.trimEnd()
  const lines = text.split('\n')
  const start = lines.findIndex((line) => new RegExp(`#region ${region}\\s*(\\*/|-->)?\\s*$`).test(line))
  if (start < 0) return undefined
  const end = lines.findIndex((line, index) => index > start && /#endregion/.test(line))
  if (end < 0) return undefined
  const inside = lines.slice(start + 1, end).filter((line) => !/#(end)?region\b/.test(line))
  const indents = inside
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length)
  const indent = Math.min(...indents)
  return inside
    .map((line) => line.slice(indent))
    .join('\n')
    .trim()
}

/** The fenced blocks of a document, each with the source that the comment above it names. */
export function blocksOf(text: string): readonly Block[] {
  const lines = text.split('\n')
  const blocks: Block[] = []
  let start = -1
  for (const [index, line] of lines.entries()) {
    if (!/^\s*```/.test(line)) continue
    if (start < 0) {
      start = index
      continue
    }
    const above = lines.slice(0, start).findLast((one) => one.trim() !== '')
    const from = /^\s*<!-- from (\S+) -->\s*$/.exec(above ?? '')?.[1]
    const language = (lines[start] ?? '').trim().replace(/^`+/, '').split(' ', 1)[0] ?? ''
    blocks.push({
      language,
      line: start + 1,
      text: lines
        .slice(start + 1, index)
        .join('\n')
        .trimEnd(),
      from,
    })
    start = -1
  }
  return blocks
}

async function deadLinks(root: string, file: string, prose: string) {
  const links = [...prose.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
  return Promise.all(
    links.map(async ({ index, 1: link = '' }) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? join(root, file) : join(root, dirname(file), path)
      const line = lineAt(prose, index)
      if (!existsSync(target)) return { line, message: `links to ${link}, which does not exist` }
      if (anchor === undefined || !target.endsWith('.md')) return { line, message: undefined }
      const known = anchorsOf(await readFile(target, 'utf8')).includes(anchor)
      return { line, message: known ? undefined : `links to ${link}, but there is no such heading` }
    }),
  )
}

function deadPaths(root: string, prose: string) {
  return [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(({ index, 1: path = '' }) => {
    if (!PATH.test(path) || existsSync(join(root, path))) return []
    return [{ line: lineAt(prose, index), message: `names ${path}, which does not exist` }]
  })
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  const headings = [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading ?? '')
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  )
}

/** The document with its fenced blocks emptied, so that lines keep their numbers. */
function withoutBlocks(text: string): string {
  return text.replaceAll(/^\s*```[\s\S]*?^\s*```\s*?$/gm, (block) => block.replaceAll(/[^\n]/g, ''))
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}
