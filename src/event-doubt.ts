/** A reading that a claim consumed, and how it can be falsified: what a run with `--doubt` goes by. */
export interface DoubtRecord {
  /** Where the script claims it, or reads it: scenario, step and line, the same in every run. */
  readonly place: {
    readonly story: string
    readonly step: string
    readonly at: string
    readonly column: number
  }
  /** What is claimed, in the words of its failure; the name of the reading where nothing is. */
  readonly what: string
  readonly matcher: string
  readonly expected: string
  /** `gunicorn_worker_memory_bytes`; empty for a value that comes from no reading. */
  readonly reading: string
  readonly of: string
  /** Read for no claim: by `read()`, `send()`, `traffic()` or a command. */
  readonly isRead: boolean
  /** What was seen last. */
  readonly seen: string
  /** Of what is only read, as what it may turn up in a claim about a plain value. */
  readonly traces?: readonly string[]
  /** How it can be falsified, the default first. */
  readonly lies: readonly { readonly name: string; readonly words: string }[]
  readonly trusted?: string | undefined
  readonly milliseconds: number
}

/** What a run with `--doubt` came to, as far as a person must know it. */
export interface DoubtEnd {
  /** `one` falsification of each reading, or `all`. */
  readonly depth: string
  readonly noticed: number
  /** With those that are unclear. */
  readonly unnoticed: number
  /** Noticed of all, in percent, rounded down. */
  readonly score: number
  readonly seconds: number
  /** Those that were not noticed: `claim` and `seen` say what was claimed; `by` why it is unclear. */
  readonly open: readonly {
    readonly outcome: 'unnoticed' | 'unclear' | 'defect'
    readonly reading: string
    readonly words: string
    readonly at: string
    readonly claim: string
    readonly seen: string
    readonly by: string
  }[]
  /** Claims that were not doubted: the script says why, or there is no reading to falsify. */
  readonly spared: readonly {
    readonly at: string
    readonly what: string
    readonly claim: string
    readonly reason?: string | undefined
  }[]
}

/** The events of a run with `--doubt`. */
export interface DoubtKinds {
  'doubt:reading': DoubtRecord
  /** A claim was told something false. */
  'doubt:told': { reading: string; lie: string; number?: number }
  /** A claim was made with something false, in passing: it is made again with the truth. */
  'doubt:tried': { number: number; isNoticed: boolean; defect?: string | undefined }
  /** What became of a run in which one reading was falsified. */
  doubt: {
    reading: string
    /** After the reading's name: `is zero`. */
    words: string
    lie: string
    at: string
    outcome: 'noticed' | 'unnoticed' | 'unclear' | 'defect'
    /** What went red; why it is unclear. */
    by?: string | undefined
    seconds: number
  }
  'doubt:end': DoubtEnd
}
