import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What the page runs and how it looks, each as one text. */
export interface Assets {
  readonly script: string
  readonly style: string
}

const HERE = import.meta.dirname
const SOURCES = join(HERE, 'browser')
const BUILT = join(HERE, 'browser.js')
/** The page has uPlot in it, whose licence asks for this. */
const NOTICE = '/*! with uPlot, Copyright (c) Leon Sorokin, MIT License */'
const CACHE = join(HERE, '..', '..', '..', '.shakedown', 'page')

/**
 * The program and the style of the page. The package that people install has them ready; in the repository they are bundled
 * from their sources, and again when a source has changed.
 */
export async function readAssets(): Promise<Assets> {
  const ready = await readBoth(BUILT)
  if (ready !== undefined) return ready
  const file = join(CACHE, `${fingerprint()}.js`)
  const cached = await readBoth(file)
  if (cached !== undefined) return cached
  const made = await bundle()
  await writeBoth(file, made).catch(() => {
    // A checkout that cannot be written to: then it is made again by the next run.
  })
  return made
}

/** Bundles the sources, and writes them to where an installed package looks for them. */
export async function buildAssets(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeBoth(join(folder, 'browser.js'), await bundle())
}

async function bundle(): Promise<Assets> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [join(SOURCES, 'main.ts'), join(SOURCES, 'page.css')],
    outdir: SOURCES,
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    banner: { js: NOTICE },
    charset: 'utf8',
  })
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? ''
  return { script: textOf('main.js'), style: textOf('page.css') }
}

/** Changes with every source: names, sizes and times, because reading all of them would cost more than a run may. */
function fingerprint(): string {
  const names = readdirSync(SOURCES).toSorted()
  // At once: each of them through the thread pool takes longer than all of them together.
  const states = names.map((name) => statSync(join(SOURCES, name)))
  const text = states.map(({ mtimeMs, size }, index) => `${names[index]} ${size} ${mtimeMs}`).join('\n')
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

async function readBoth(file: string): Promise<Assets | undefined> {
  try {
    const [script, style] = await Promise.all([
      readFile(file, 'utf8'),
      readFile(file.replace(/\.js$/, '.css'), 'utf8'),
    ])
    return { script, style }
  } catch {
    return undefined // not made yet
  }
}

/** The style first and each in one go: whoever finds the script finds both whole. */
async function writeBoth(file: string, { script, style }: Assets): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true })
  for (const [path, text] of [
    [file.replace(/\.js$/, '.css'), style],
    [file, script],
  ] as const) {
    await writeFile(`${path}.${process.pid}`, text)
    await rename(`${path}.${process.pid}`, path)
  }
}
