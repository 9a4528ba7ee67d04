import type { Event } from '../event.ts'

/**
 * Follows a log that was joined of several, one after the other: merging shards is concatenation. Each run counts its
 * scenarios from 1, so that the numbers of every further one get that run's in front: `2/1.3`. Gives events one by one.
 */
export function createJoin(): (event: Event) => Event {
  let runs = 0
  return (event) => {
    if (event.kind === 'run:start') runs += 1
    return runs < 2 ? event : renumber(event, `${runs}/`)
  }
}

function renumber(event: Event, prefix: string): Event {
  const { scenario, step } = event
  return {
    ...event,
    ...(scenario === undefined ? {} : { scenario: prefix + scenario }),
    ...(step === undefined ? {} : { step: prefix + step }),
    ...('id' in event && event.kind !== 'finding' ? { id: prefix + event.id } : {}),
    ...('parent' in event ? { parent: prefix + event.parent } : {}),
  }
}
