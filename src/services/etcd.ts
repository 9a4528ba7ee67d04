import { UsageError } from '../error.ts'
import { createStore, type Store } from '../etcd/store.ts'
import { createMetrics, type Metered } from '../metrics/metrics.ts'
import { at, type Reference } from '../reference.ts'
import { findComponent } from '../run/find.ts'
import { inContainers } from '../service/chosen.ts'
import { createElsewhere } from '../service/elsewhere.ts'
import { createGroup, type GroupVerbs } from '../service/group.ts'
import { createProgram, type Program } from '../service/program.ts'
import type { Place } from '../service/spec.ts'
import type { Reading } from '../wait/reading.ts'
import { createLeader } from './etcd-leader.ts'

/** How an etcd is described. */
export interface EtcdOptions {
  readonly name?: string
  /** How many members its cluster has; one where it is not given. Odd, so that more than half can be left. */
  readonly members?: number
  /** A fixed port for clients; a free one where it is not given. Only for a single member. */
  readonly port?: number
  /** Further arguments of every member: `['--auto-compaction-retention', '1']`. */
  readonly args?: readonly string[]
  /** The address of one that already runs, `http://host:port`, several joined with commas. It is neither started nor stopped. */
  readonly at?: Reference<string> | string
}

/** One member of a cluster: a program of its own, with its own log. */
export type Member = Program<'peer'> & Metered

/** An etcd, alone or as a cluster, and what can be asked of what it holds. A reference to `host:port` of its members. */
export interface EtcdService extends Reference<string>, GroupVerbs, Store {
  /** `http://host:port` of every member, joined with commas: as etcd's clients want it. */
  readonly endpoints: Reference<string>
  readonly members: readonly Member[]
  /** One of them, counted from 1. */
  member(number: number): Member
  /** Who leads when it is looked at. The verbs are for whoever that is then, and give the member that they were done to. */
  readonly leader: Reading<string> & {
    kill(): Promise<Member>
    pause(): Promise<Member>
  }
}

/**
 * An etcd of the script's own, on 127.0.0.1. Ready when it has a quorum: every member that started answers for the whole
 * cluster. Nothing is forced onto the disk, which only the machine's own crash would show.
 */
export function etcd(options: EtcdOptions = {}): EtcdService {
  const { name = 'etcd', members: count = 1, port, args = [] } = options
  if (!Number.isInteger(count) || count < 1 || count % 2 === 0)
    throw new UsageError(`etcd cannot have ${count} members`, {
      hint: 'an odd number: 1, 3, 5; of an even one no more can be lost than of one less',
    })
  if (port !== undefined && count > 1)
    throw new UsageError(`${count} members of etcd cannot share port ${port}`, { hint: 'leave the port out' })
  if (options.at !== undefined) return createForeign(name, options)
  const all: Member[] = []
  const cluster = () => all.map((one, index) => `m${index}=http://${one.endpoint('peer')}`).join(',')
  // A leader that is told to stop wants to hand over, and waits 5 to 7 s where those that it could hand over to stop, too.
  const stopWith: NodeJS.Signals = count === 1 ? 'SIGTERM' : 'SIGKILL'
  for (let index = 0; index < count; index += 1) {
    const shared = { args: [...paceOf(count), ...args], port, stopWith, cluster }
    all.push(createMember(count === 1 ? name : `${name}-${index + 1}`, index, shared))
  }
  return createCluster(name, all, joinAll(all.map(({ url }) => url)))
}

/** Its members are those whose addresses are told; of what another value knows, the first. */
function createForeign(name: string, options: EtcdOptions): EtcdService {
  const { at: address = '', members, port, args } = options
  if (members !== undefined || port !== undefined || args !== undefined)
    throw new UsageError('etcd({ at: … }) is not started, so that it gets no members, port or args')
  const sites = typeof address === 'string' ? address.split(',') : [address]
  const all = sites.map((site, index): Member => {
    const program: Program<'peer'> = createProgram({
      name: sites.length === 1 ? name : `${name}-${index + 1}`,
      run: [site],
      // Where its members speak to each other is their own affair.
      ports: { peer: '' },
      ready: READY,
      driver: createElsewhere({ main: site }),
    })
    return Object.assign(program, { metrics: createMetrics(at`${program.url}/metrics`) })
  })
  return createCluster(name, all, at`${address}`)
}

function createCluster(name: string, all: readonly Member[], endpoints: Reference<string>): EtcdService {
  return {
    ...joinAll(all),
    ...createGroup(name, all),
    ...createStore(name, endpoints),
    endpoints,
    members: all,
    member: (number) => memberOf(name, all, number),
    leader: createLeader(name, all),
  }
}

/** It answers so only where a quorum agreed. */
const READY = { http: '/health', status: 200 } as const

function memberOf(name: string, all: readonly Member[], number: number): Member {
  const found = all[number - 1]
  if (found !== undefined) return found
  throw new UsageError(`${name} has no member ${number}`, { hint: `it has ${all.length}, counted from 1` })
}

interface Shared {
  readonly args: readonly string[]
  readonly port: number | undefined
  readonly stopWith: NodeJS.Signals
  cluster(): string
}

function createMember(name: string, index: number, { args, port, stopWith, cluster }: Shared): Member {
  const program: Program<'peer'> = createProgram({
    name,
    run: ({ host, port: client, ports, dir }: Place<'peer'>) => [
      findServer(),
      ...['--name', `m${index}`, '--data-dir', `${dir}/data`, '--unsafe-no-fsync'],
      ...['--listen-client-urls', `http://${host}:${client}`, '--advertise-client-urls', `http://${program}`],
      ...['--listen-peer-urls', `http://${host}:${ports.peer}`],
      ...[
        '--initial-advertise-peer-urls',
        `http://${program.endpoint('peer')}`,
        '--initial-cluster',
        cluster(),
      ],
      ...args,
    ],
    // The members know each other's addresses, and none can be ready before the others have started.
    waits: false,
    ...(port === undefined ? {} : { port }),
    ports: { peer: '' },
    ready: READY,
    stop: { signal: stopWith },
    install: 'make install',
    container: { image: 'quay.io/coreos/etcd:v3.5.16' },
  })
  return Object.assign(program, { metrics: createMetrics(at`${program.url}/metrics`) })
}

/** Milliseconds between heartbeats, and without them until an election. One alone elects itself: 55 ms until ready instead of 726. */
function paceOf(count: number): readonly string[] {
  const [beat, election] = count === 1 ? [10, 50] : [50, 500]
  return [`--heartbeat-interval=${beat}`, `--election-timeout=${election}`]
}

function findServer(): string {
  if (inContainers()) return 'etcd'
  const found = findComponent('etcd')
  return 'path' in found ? found.path : 'etcd'
}

function joinAll(words: readonly Reference<string>[]): Reference<string> {
  const [first, ...more] = words
  return more.reduce((sum, word) => at`${sum},${word}`, at`${first ?? ''}`)
}
