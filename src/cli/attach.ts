import { loaderOf } from '../lazy.ts'
import { openWith, rejectFailures } from '../scenario/opening.ts'
import { WISH } from '../scenario/selection.ts'
import { attachToRunner } from './by-runner.ts'
import { isOwnProcess } from './escaped.ts'

const { load } = loaderOf(import.meta.url)

/**
 * Gives a script that is run by hand (`node x.mts`) its console and its results, from its first scenario on; one that the
 * runner started its way to tell the runner, at once. In another test runner nothing ever happens.
 */
export function attach(): void {
  const channel = process.env['SHAKEDOWN_EVENTS_FD']
  // What the script itself starts has no runner.
  delete process.env['SHAKEDOWN_EVENTS_FD']
  const doubt = process.env['SHAKEDOWN_DOUBT']
  delete process.env['SHAKEDOWN_DOUBT']
  if (channel !== undefined) attachToRunner(Number(channel))
  if (channel !== undefined && doubt !== undefined)
    load<typeof import('../doubt/attend.ts')>('../doubt/attend').attendDoubt(doubt)
  const share = process.env[WISH.cpus]
  if (channel !== undefined && share !== undefined)
    load<typeof import('../run/starve.ts')>('../run/starve').starve(Number(share))
  if (channel === undefined && !isOwnProcess()) rejectFailures()
  else if (channel === undefined)
    openWith(async () => {
      const { runByHand } = await import('./by-hand.ts')
      await runByHand()
    })
}
