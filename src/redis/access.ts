import { UsageError } from '../error.ts'
import { type Owner, ownersOf, type Reference } from '../reference.ts'

/** What a script may do to a Redis: anything to its own; only reading, and only below the prefix, to one that others use. */
export interface Access {
  readonly own: boolean
  /** How the keys begin that may be looked at; empty where all may. */
  readonly prefix: string
  /** The database that is meant where nothing else is said. */
  readonly db?: number | undefined
  readonly login?: Login | undefined
}

/** What a Redis asks for before it answers. */
export interface Login {
  readonly username: string | undefined
  readonly password: string | undefined
  readonly tls: boolean
}

const accesses = new WeakMap<Owner, Access>()

/** Says what may be done to the Redis at that address, and at every reference that is made of it. */
export function grantAccess(address: Reference, access: Access): void {
  for (const owner of ownersOf(address)) accesses.set(owner, access)
}

/**
 * What may be done at an address. Nothing is guessed: only what `redis()` started is the script's own. Whatever else the
 * run started may be read but not reconfigured; an address from elsewhere only below a prefix that the script names.
 */
export function accessTo(address: Reference | string, prefix: string | undefined): Access {
  const owners = typeof address === 'string' ? [] : [...ownersOf(address)]
  const known = owners.map((owner) => accesses.get(owner))
  const [first] = known
  const borrowed = known.find((access) => access?.own === false)
  if (borrowed !== undefined) return narrow(borrowed, prefix)
  if (first !== undefined && !known.includes(undefined)) return first
  if (prefix !== undefined) return { own: false, prefix: checkPrefix(prefix) }
  if (owners.length > 0) return { own: false, prefix: '' }
  throw new UsageError(
    'this Redis was not started by the script, so that only its own keys may be looked at',
    {
      hint: [
        "say which those are: keys(address, 'mine:*', { prefix: 'mine:' })",
        "or describe it once: redis({ at: 'redis://…', prefix: 'mine:' })",
      ],
    },
  )
}

/** Throws a UsageError for a pattern that could match keys outside of the prefix. */
export function checkPattern({ prefix }: Access, pattern: string): void {
  if (pattern === '') throw new UsageError('an empty pattern matches no key', { hint: "every key is '*'" })
  if (pattern.startsWith(prefix)) return
  throw new UsageError(`${pattern} would match keys that others keep in this Redis`, {
    expected: `a pattern that begins with ${prefix}`,
    hint: `take the prefix from the service: keys(cache, \`\${cache.prefix}*\`)`,
  })
}

/** Throws a UsageError for a key outside of the prefix. */
export function checkKey({ prefix }: Access, key: string): void {
  if (key.startsWith(prefix)) return
  throw new UsageError(`the key ${key} is not the script's: others use this Redis`, {
    expected: `a key that begins with ${prefix}`,
  })
}

/** A prefix by which own keys are told from others': some characters, none of which a pattern could take for another. */
export function checkPrefix(prefix: string): string {
  if (prefix === '')
    throw new UsageError("an empty prefix makes every key in that Redis the script's own", {
      hint: "name one that nobody else uses: prefix: 'mine:'",
    })
  if (/[*?[\]\\^]/.test(prefix))
    throw new UsageError(`not a prefix: ${prefix}`, { hint: 'a prefix is plain text, not a pattern' })
  return prefix
}

function narrow(outer: Access, inner: string | undefined): Access {
  if (inner === undefined || inner === outer.prefix) return outer
  if (inner.startsWith(outer.prefix)) return { ...outer, prefix: checkPrefix(inner) }
  throw new UsageError(
    `the prefix ${inner} is outside of ${outer.prefix}, which this Redis was described with`,
    {
      hint: 'leave one of them out',
    },
  )
}
