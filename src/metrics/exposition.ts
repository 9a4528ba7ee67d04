/** The two text formats of a metrics endpoint: the classic text 0.0.4 and OpenMetrics 1.0. */
export type Dialect = 'text' | 'openmetrics'

/** What a TYPE line may say; `untyped` is read as `unknown`, `gauge_histogram` as `gaugehistogram`. */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown'

/** Label names to values, own properties only: ask with `Object.hasOwn` for a name that may be missing. */
export type Labels = Readonly<Record<string, string>>

/** One observation behind a bucket or a counter; `timestamp` in seconds since 1970. */
export interface Exemplar {
  readonly labels: Labels
  readonly value: number
  readonly timestamp?: number
}

/** One line with a value. `timestamp` is in seconds since 1970 in both dialects, `line` counts from 1. */
export interface Sample {
  readonly name: string
  readonly labels: Labels
  readonly value: number
  readonly timestamp?: number
  readonly exemplar?: Exemplar
  readonly line: number
}

/** A HELP, TYPE or UNIT line, escapes resolved. */
export type Metadata =
  | { readonly kind: 'help'; readonly family: string; readonly help: string; readonly line: number }
  | { readonly kind: 'type'; readonly family: string; readonly type: MetricType; readonly line: number }
  | { readonly kind: 'unit'; readonly family: string; readonly unit: string; readonly line: number }

/** All samples that belong to one name, wherever they stood; the first HELP, TYPE and UNIT count. */
export interface Family {
  readonly name: string
  readonly type: MetricType
  readonly help?: string
  readonly unit?: string
  readonly samples: readonly Sample[]
  readonly metadata: readonly Metadata[]
}

/** The label set that the samples of one histogram, summary or state set share, and those samples in file order. */
export interface Metric {
  readonly labels: Labels
  readonly samples: readonly Sample[]
}

/** A text that was read: nothing is merged, dropped or sorted. */
export interface Exposition {
  readonly dialect: Dialect
  /** Flat, in file order, duplicates kept. */
  readonly samples: readonly Sample[]
  /** HELP, TYPE and UNIT lines in file order, repeated ones kept. */
  readonly metadata: readonly Metadata[]
  /** In the order of their first line; grouped when first asked for. */
  readonly families: readonly Family[]
  /** What was read although other readers refuse it; `validate` reports it. */
  readonly tolerated: readonly ExpositionFinding[]
}

/** One thing that a well-formed text says wrongly. */
export interface ExpositionFinding {
  readonly rule: ExpositionRule
  readonly message: string
  readonly line: number
  readonly family?: string
}

/** What `validate` looks for; docs/conformance.md says which rule holds in which dialect. */
export type ExpositionRule =
  // read, but refused by others
  | 'missing-newline'
  | 'missing-comma'
  | 'lone-comma'
  | 'blank-in-labels'
  | 'blank-around-type'
  | 'trailing-blank'
  | 'indented-sample'
  | 'glued-keyword'
  | 'nameless-metadata'
  | 'unknown-escape'
  | 'signed-timestamp'
  | 'type-not-classic'
  // metadata
  | 'repeated-metadata'
  | 'late-metadata'
  | 'name-clash'
  | 'unit-suffix'
  | 'unit-not-allowed'
  // order
  | 'split-family'
  | 'split-metric'
  | 'duplicate-series'
  | 'mixed-timestamps'
  | 'timestamp-order'
  // names, labels, values
  | 'sample-name'
  | 'missing-label'
  | 'label-value'
  | 'counter-value'
  | 'fractional-count'
  | 'info-value'
  | 'state-value'
  // histograms
  | 'bucket-order'
  | 'bucket-not-cumulative'
  | 'missing-inf-bucket'
  | 'inf-bucket-not-count'
  | 'missing-count'
  | 'missing-sum'
  | 'sum-not-allowed'
  // exemplars
  | 'exemplar-not-allowed'
  | 'exemplar-too-long'
