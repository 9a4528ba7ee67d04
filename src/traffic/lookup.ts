import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

type Answer = Parameters<Parameters<LookupFunction>[2]>

/** The system's name resolution, asked once for each name; a failure is not remembered. */
export function createLookup(): LookupFunction {
  const known = new Map<string, Answer>()
  return (name, options, callback) => {
    const key = JSON.stringify([name, options])
    const found = known.get(key)
    if (found !== undefined) return callback(...found)
    lookup(name, options, (...answer: Answer) => {
      if (answer[0] === null) known.set(key, answer)
      callback(...answer)
    })
  }
}
