import type { Event } from '../../event.ts'
import type { RunResult } from '../result.ts'
import { type ClaimStore, createClaimStore } from './collect/claims.ts'
import { createKeptStore, type KeptStore } from './collect/kept.ts'
import { createLineStore, type LineStore } from './collect/lines.ts'
import { createLifeStore, type LifeStore } from './collect/lives.ts'
import { createMomentStore, type MomentStore } from './collect/moments.ts'
import { createPatternStore, type PatternStore } from './collect/patterns.ts'
import { createRequestStore, type RequestStore } from './collect/requests.ts'
import { createVersionStore, type VersionStore } from './collect/versions.ts'

/** Everything that the page of a run is made of. */
export interface Collection extends Stores {
  readonly result: RunResult
}

/** What only the page wants to know of a run, in bounded memory. */
export interface Stores {
  readonly claims: ClaimStore
  readonly kept: KeptStore
  readonly lines: LineStore
  readonly lives: LifeStore
  readonly moments: MomentStore
  readonly patterns: PatternStore
  readonly requests: RequestStore
  readonly versions: VersionStore
}

/** Begins with an empty run. */
export function createStores(): Stores & { hear(event: Event): void } {
  const stores = {
    claims: createClaimStore(),
    kept: createKeptStore(),
    lines: createLineStore(),
    lives: createLifeStore(),
    moments: createMomentStore(),
    patterns: createPatternStore(),
    requests: createRequestStore(),
    versions: createVersionStore(),
  }
  const all = Object.values(stores)
  return {
    hear(event) {
      for (const store of all) store.hear(event)
    },
    ...stores,
  }
}
