import type { Event, EventOf } from '../../../event.ts'
import { cut } from './sample.ts'

/** A line as it was heard; `time` is milliseconds since 1970, `order` counts the lines of all services. */
export interface HeardLine {
  readonly order: number
  readonly time: number
  readonly isError: boolean
  readonly text: string
}

/** The lines of one service that were kept; `lost` are how many are missing right before a block. */
export interface HeardSource {
  readonly script: string
  readonly service: string
  readonly total: number
  readonly blocks: readonly { readonly lost: number; readonly lines: readonly HeardLine[] }[]
}

/** What services printed, in bounded memory. */
export interface LineStore {
  hear(event: Event): void
  readonly sources: readonly HeardSource[]
  readonly kept: number
}

interface Block {
  lost: number
  readonly lines: HeardLine[]
  characters: number
  isPinned: boolean
}

interface Source {
  readonly script: string
  readonly service: string
  total: number
  characters: number
  readonly blocks: Block[]
}

/** How much is kept at most. */
export interface LineLimits {
  readonly lines: number
  readonly characters: number
}

const LIMITS: LineLimits = { lines: 100_000, characters: 12_000_000 }
const BLOCK = 200
const LONGEST = 4000
const MOST_PINS = 100

/**
 * Keeps every line until there are too many: then the service that printed most loses its oldest ones, but never its first
 * ones, and never those around a failure.
 */
export function createLineStore({ lines, characters }: LineLimits = LIMITS): LineStore {
  const sources = new Map<string, Source>()
  const held = { lines: 0, characters: 0 }
  let order = 0
  let pins = 0
  return {
    hear(event) {
      if (event.kind === 'log') {
        append(sourceIn(sources, event), event, order)
        order += 1
        held.lines += 1
        held.characters += Math.min(event.line.length, LONGEST)
        while (held.lines > lines || held.characters > characters) if (!drop(sources, held)) break
      } else if (event.kind === 'step:end' && event.error !== undefined && pins < MOST_PINS) {
        pins += 1
        for (const source of sources.values()) if (source.script === event.script) pin(source)
      }
    },
    get sources() {
      return [...sources.values()]
    },
    get kept() {
      return held.lines
    },
  }
}

function sourceIn(sources: Map<string, Source>, { script, service }: EventOf<'log'>): Source {
  const key = `${script}\n${service}`
  const known = sources.get(key)
  if (known !== undefined) return known
  const source: Source = { script, service, total: 0, characters: 0, blocks: [] }
  sources.set(key, source)
  return source
}

function append(source: Source, { time, stream, line }: EventOf<'log'>, order: number): void {
  let block = source.blocks.at(-1)
  if (block === undefined || block.lines.length >= BLOCK) {
    block = { lost: 0, lines: [], characters: 0, isPinned: source.blocks.length === 0 }
    source.blocks.push(block)
  }
  const length = Math.min(line.length, LONGEST)
  block.lines.push({ order, time, isError: stream === 'stderr', text: cut(line, LONGEST) })
  block.characters += length
  source.characters += length
  source.total += 1
}

function pin({ blocks }: Source): void {
  for (const block of blocks.slice(-2)) block.isPinned = true
}

/** Drops the oldest block that nothing holds, of the source that has most; false where there is none. */
function drop(sources: ReadonlyMap<string, Source>, held: { lines: number; characters: number }): boolean {
  const largest = [...sources.values()].toSorted((one, other) => other.characters - one.characters)
  for (const source of largest) {
    const index = source.blocks.findIndex(({ isPinned }, at) => !isPinned && at < source.blocks.length - 1)
    const block = source.blocks[index]
    const next = source.blocks[index + 1]
    if (block === undefined || next === undefined) continue
    source.blocks.splice(index, 1)
    next.lost += block.lost + block.lines.length
    source.characters -= block.characters
    held.lines -= block.lines.length
    held.characters -= block.characters
    return true
  }
  return false
}
