#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// What only one scenario of a machine may use at a time, and a failure that is known to pass.
import { expect, scenario } from 'shakedown'

// #region exclusive
await scenario('a page is printed', { exclusive: ['printer'], transient: ['out of paper'] }, async () => {
  // #endregion
  expect('a page').toBe('a page')
})
