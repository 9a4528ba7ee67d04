import { UsageError } from '../error.ts'
import { describeWord, HOST, isReference, peek, type Reference, type Viewer } from '../reference.ts'
import type { Address, Driver, Handle, Lease } from './driver.ts'

/** One address of something that already runs. */
interface Site extends Address {
  readonly secure: boolean
  /** What stands before every path: `/prometheus`, mostly nothing. */
  readonly base: string
}

/** Where something already runs, as a script names it: its main address, and further ones by name. */
export interface Sites {
  readonly main: Reference<string> | string
  readonly [name: string]: Reference<string> | string
}

const NEAR: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1'])

/**
 * Stands for what already runs: it is waited for until it answers, and neither started nor stopped. Throws a UsageError at
 * once for a text that is no address; what a reference says is looked at when it is known.
 */
export function createElsewhere(sites: Sites): Driver {
  const { main } = sites
  for (const site of Object.values(sites)) if (typeof site === 'string') readSite(site)
  const siteOf = (name: string) => resolveSite(sites[name])
  return {
    name: 'elsewhere',
    viewer: HOST,
    capabilities: new Set(),
    inherits: false,
    elsewhere: {
      text: typeof main === 'string' ? main : describeWord(main),
      url(viewer) {
        const site = siteOf('main')
        const seen = site === undefined ? undefined : addressFor(site, viewer)
        if (site === undefined || seen === undefined) return undefined
        return `http${site.secure ? 's' : ''}://${inUrl(seen.host)}:${seen.port}${site.base}`
      },
    },
    lease: async () => createLease(Object.keys(sites), siteOf),
    launch: async ({ service }) => createHandle(service),
  }
}

/** Throws a UsageError for options that mean nothing to what is not started here. */
export function refuseBesideAt(options: object, allowed: readonly string[]): void {
  const more = Object.entries(options).flatMap(([key, value]) =>
    value === undefined || allowed.includes(key) ? [] : [key],
  )
  if (more.length === 0) return
  throw new UsageError(
    `what is described by \`at\` is not started here, so that it gets no ${more.join(', no ')}`,
    {
      expected: `beside the address: ${allowed.join(', ')}`,
    },
  )
}

/** Of several that are joined with commas, the first. */
function resolveSite(word: Reference<string> | string | undefined): Site | undefined {
  if (word === undefined) return undefined
  if (!isReference(word)) return readSite(word)
  const [first] = peek(word)?.split(',', 1) ?? []
  return first === undefined ? undefined : readSite(first)
}

function readSite(text: string): Site {
  const isWhole = text.includes('://')
  const url = URL.parse(isWhole ? text : `http://${text}`)
  const hasPort = isWhole || /^(\[[\da-f:]+\]|[^/:]+):\d+(\/|$)/i.test(text)
  if (url === null || !hasPort || !['http:', 'https:'].includes(url.protocol)) throw tellNoAddress(text)
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw tellNoAddress(
      text,
      'leave out what is not host, port and path: who asks says who it is in its headers',
    )
  const secure = url.protocol === 'https:'
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    base: url.pathname.replace(/\/$/, ''),
  }
}

function tellNoAddress(text: string, hint = "write 'host:port' or 'http://host:port'"): UsageError {
  return new UsageError(`not an address: ${text.replace(/:[^:@/]*@/, ':…@') || "''"}`, { hint })
}

/** A host as it stands in an address: an IPv6 one in brackets. */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** What listens on the loopback is somewhere else for whoever is not on this machine. */
function addressFor({ host, port, secure, base }: Site, viewer: Viewer): Address | undefined {
  const seen = NEAR.has(host) && viewer.place !== HOST.place ? viewer.toHost?.(port) : { host, port }
  return seen === undefined ? undefined : { ...seen, secure, base }
}

function createLease(names: readonly string[], siteOf: (name: string) => Site | undefined): Lease {
  const known = () =>
    names.flatMap((name) => {
      const site = siteOf(name)
      return site === undefined ? [] : [[name, site] as const]
    })
  const lease: Lease = {
    get host() {
      return siteOf('main')?.host ?? ''
    },
    get ports() {
      return Object.fromEntries(known().map(([name, { port }]) => [name, port]))
    },
    dir: '',
    addressFor(viewer, wanted, name) {
      const sites = known()
      const site = sites.find(([key]) => key === name) ?? sites.find(([, { port }]) => port === wanted)
      return site === undefined ? undefined : addressFor(site[1], viewer)
    },
    exchange: async () => lease,
    release: async () => {},
  }
  return lease
}

/** Its life is that of its part in the run: nothing is known of it but what it answers. */
function createHandle(service: string): Handle {
  const refuse = async (): Promise<never> => {
    throw new UsageError(`what ${service} is made of is not known here: it already ran elsewhere`)
  }
  return {
    exited: new Promise(() => {
      // Whether it goes on is not seen here, and nobody waits for it.
    }),
    letGo: async () => 'it goes on where it runs',
    signal: () => false,
    usage: refuse,
    children: refuse,
    listener: async () => ({ whose: 'unknown' }),
    sweep: async () => [],
    killNow() {},
  }
}
