/** How a part of the run ended; the same words as events use. */
export type PageOutcome = 'passed' | 'failed' | 'skipped' | 'interrupted'

/**
 * What the program in the page gets of a run, as one JSON text. All times are milliseconds since the run began; `script`,
 * `part` and `source` are positions in their lists. This file imports nothing: it is read here and in the browser.
 */
export interface PageModel {
  /** Milliseconds since 1970. */
  readonly began: number
  readonly end: number
  readonly scripts: readonly PageScript[]
  /** Scenarios and steps, outer ones before their inner ones. */
  readonly parts: readonly PagePart[]
  readonly lives: readonly PageLife[]
  readonly claims: readonly PageClaim[]
  readonly exchanges: readonly PageExchange[]
  readonly loads: readonly PageLoad[]
  readonly marks: readonly PageMark[]
  readonly faults: readonly PageFault[]
  readonly chain: readonly PageLink[]
  readonly logs: PageLogs
  /** What did not fit, in words: `12,000 requests`. */
  readonly omitted: readonly string[]
}

/** Where something was: in a script, and in a scenario or step of it, or in none (-1). */
export interface PagePlace {
  readonly script: number
  readonly part: number
}

/** A script of the run; `name` is short and tells it from the others. */
export interface PageScript {
  readonly file: string
  readonly name: string
  readonly outcome: PageOutcome
  readonly from: number
  readonly to: number
}

/** A scenario or a step; `key` is what links name it by. */
export interface PagePart {
  readonly key: string
  readonly script: number
  /** -1 for a scenario. */
  readonly parent: number
  readonly depth: number
  readonly title: string
  readonly outcome: PageOutcome
  readonly from: number
  readonly to: number
  readonly at?: string | undefined
  readonly reason?: string | undefined
  readonly proves: readonly string[]
  /** The whole text of what failed in it, as the terminal has it. */
  readonly errors: readonly string[]
}

/** One life of a service: a restart begins another. */
export interface PageLife {
  readonly script: number
  readonly service: string
  readonly from: number
  readonly ready?: number | undefined
  readonly stopping?: number | undefined
  readonly to: number
  /** How it ended, in words; `died` where nobody had asked it to. */
  readonly exit?: string | undefined
  readonly died: boolean
  readonly about: readonly string[]
}

/** A claim and what it saw: `looks` and `values` are samples of all, the first and the last among them. */
export interface PageClaim extends PagePlace {
  readonly from: number
  readonly to: number
  readonly what: string
  readonly expected: string
  readonly last: string
  /** `known` for what a known finding expects to fail. */
  readonly outcome: 'met' | 'missed' | 'known' | 'broken off'
  readonly at?: string | undefined
  readonly count: number
  readonly looks: readonly (readonly [at: number, saw: string, failed: 0 | 1])[]
  readonly values: readonly (readonly [at: number, value: number])[]
}

/** A request that the script itself sent. */
export interface PageExchange extends PagePlace {
  readonly service?: string | undefined
  readonly from: number
  readonly to: number
  readonly method: string
  readonly url: string
  readonly status?: number | undefined
  readonly error?: string | undefined
}

/** A load: rows of `series` are milliseconds since its start, sent, answered, errors, and the 95th percentile. */
export interface PageLoad extends PagePlace {
  readonly service?: string | undefined
  readonly from: number
  readonly to: number
  readonly what: string
  readonly summary: string
  readonly crossed: readonly string[]
  readonly series: readonly (readonly number[])[]
}

/** Something that happened at one moment. */
export interface PageMark extends PagePlace {
  readonly time: number
  readonly kind: 'signal' | 'exit' | 'finding' | 'note' | 'worker' | 'leak'
  readonly service?: string | undefined
  readonly text: string
}

/** A time in which something was broken on purpose: all of a script, or one service of it. */
export interface PageFault {
  readonly script: number
  readonly service?: string | undefined
  readonly from: number
  readonly to: number
  readonly what: string
}

/** A link of the chain that made the run as long as it was. */
export interface PageLink {
  readonly kind: string
  readonly what: string
  readonly part: number
  readonly from: number
  readonly to: number
}

/** Where lines came from, and where all of them are. */
export interface PageSource {
  readonly script: number
  readonly service: string
  readonly total: number
  /** Relative to the page. */
  readonly file?: string | undefined
}

/** Log lines in the order in which they were heard, as columns. */
export interface PageLogs {
  readonly sources: readonly PageSource[]
  readonly time: readonly number[]
  readonly source: readonly number[]
  /** 0 stdout, 1 stderr, 2 for a line that says how many are left out here. */
  readonly stream: readonly (0 | 1 | 2)[]
  readonly text: readonly string[]
}
