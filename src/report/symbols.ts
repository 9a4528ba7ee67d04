/** The signs of a console. */
export type Symbols = Readonly<Record<keyof typeof UNICODE, string>>

const UNICODE = {
  passed: '✓',
  failed: '✗',
  skipped: '○',
  interrupted: '■',
  open: '▸',
  ready: '●',
  wait: '…',
  finding: '◆',
  load: '⇄',
  signal: '↯',
  note: '·',
  warning: '!',
  bar: '│',
  path: '›',
  dot: '·',
  dash: '–',
  times: '×',
  cut: '…',
  full: '█',
  empty: '░',
} as const

const ASCII: Symbols = {
  passed: 'ok',
  failed: 'FAILED',
  skipped: 'skipped',
  interrupted: 'STOPPED',
  open: '>',
  ready: '*',
  wait: '..',
  finding: 'known',
  load: '=',
  signal: '^',
  note: '-',
  warning: '!',
  bar: '|',
  path: '>',
  dot: '-',
  dash: '-',
  times: 'x',
  cut: '...',
  full: '#',
  empty: '.',
}

/** Signs for a screen that has Unicode, words for one that has not. */
export function symbolsFor(unicode: boolean): Symbols {
  return unicode ? UNICODE : ASCII
}
