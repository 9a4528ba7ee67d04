import { $ as zx } from 'zx/core'

// Alpine and other small systems have no bash, which zx looks for; our commands need no more than a POSIX shell.
if (zx.shell === true && process.platform !== 'win32') {
  zx.shell = '/bin/sh'
  zx.prefix = 'set -eu;'
  zx.quote = (word) => `'${word.replaceAll("'", "'\\''")}'`
}

/** zx's `$`, also where there is no bash. */
export const $ = zx
