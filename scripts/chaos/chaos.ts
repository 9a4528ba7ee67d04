import { formatDuration } from '../../src/duration.ts'
import { Failure } from '../../src/error.ts'
import type { Decoys } from './decoys.ts'
import { placeDecoys } from './decoys.ts'
import type { Kind } from './kinds.ts'
import { createRandom } from './random.ts'
import { type Blow, type Strike, strike } from './strike.ts'
import { openWorld, type World } from './world.ts'

/** A session of strikes. */
export interface Chaos {
  /** So many of each kind. */
  readonly times: number
  readonly kinds: readonly Kind[]
  /** The same moments for the same seed. */
  readonly seed: number
  /** So many at a time, each in a world of its own. */
  readonly jobs: number
  readonly command: readonly string[]
  /** What runs after runner, scripts and watchdogs were killed at once. */
  readonly next: readonly string[]
  readonly signal: AbortSignal
  tell(line: string): void
}

/** A blow, and what time it had for cleaning up: the promised one, more where the machine is slower than at rest. */
export interface Judged extends Blow {
  readonly limit: number
}

/** On an idle machine everything is gone by then, in milliseconds. */
const PROMISED = 250

/** Ends runs at uniformly random moments, from before their first line to their end; each is told as soon as it is known. */
export async function runChaos(chaos: Chaos, told: (blow: Judged) => void): Promise<readonly Judged[]> {
  const span = await measureSpan(chaos)
  chaos.tell(`an undisturbed run takes ${formatDuration(span)}`)
  const next = createRandom(chaos.seed)
  const waiting = Array.from({ length: chaos.times }, () => chaos.kinds)
    .flat()
    .map((kind): Strike => ({ ...chaos, kind, after: Math.round(next() * span) }))
  const blows: Judged[] = []
  const lanes = Array.from({ length: chaos.jobs }, async () => {
    await using world = await openWorld()
    const decoys = await placeDecoys(world)
    for (let one = waiting.shift(); one !== undefined && !chaos.signal.aborted; one = waiting.shift()) {
      const blow = await strikeBesideDecoys(world, decoys, one)
      const judged = { ...blow, limit: PROMISED * blow.slowdown }
      blows.push(judged)
      told(judged)
    }
  })
  await Promise.all(lanes)
  return blows
}

/** How long a run takes that nobody disturbs. Rejects when that one leaves something already, or is red. */
async function measureSpan({ command, next }: Chaos): Promise<number> {
  await using world = await openWorld()
  await placeDecoys(world)
  const began = performance.now()
  const blow = await strike(world, { kind: 'int', after: 600_000, command, next })
  const span = performance.now() - began
  if (blow.wrong.length > 0) throw new Failure(`the undisturbed run is not good: ${blow.wrong.join('\n')}`)
  return span
}

async function strikeBesideDecoys(world: World, decoys: Decoys, one: Strike): Promise<Blow> {
  const blow = await strike(world, one)
  const differences = await decoys.differences()
  return {
    ...blow,
    wrong: [...blow.wrong, ...differences.map((line) => `of others, not as it was: ${line}`)],
  }
}
