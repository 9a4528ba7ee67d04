/** Which scripts of the main job have the part that is broken. */
export type Shown = 'redis' | 'files' | 'yaml'

/** How a fault gets in: into the running exporter, into a program's settings, or by a variable that is set anyway. */
export type Way = 'exporter' | 'prometheus' | 'redis-server' | 'variable'

/** One thing that is wrong with the system under test. */
export interface Fault {
  readonly name: string
  readonly group: string
  readonly way: Way
  readonly shown: readonly Shown[]
  /** Only for variables: what is wrong, and what a user sees. Of all others it is the docstring of their file. */
  readonly about?: string
  readonly env?: Readonly<Record<string, string>>
}
