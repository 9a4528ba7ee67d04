import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Ledgers and leases of this test file alone, so that nothing of another run is looked at or cleaned. */
export const ownState = mkdtempSync(join(tmpdir(), 'shakedown-test-'))

process.env['SHAKEDOWN_STATE'] = ownState
// The first to listen is the last but for the guard's own: what that removes is below this folder anyway.
process.on('exit', () => rmSync(ownState, { recursive: true, force: true }))
