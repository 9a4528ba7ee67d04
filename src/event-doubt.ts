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
}
