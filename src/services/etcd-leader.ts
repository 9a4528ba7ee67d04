import { Failure } from '../error.ts'
import { askOne } from '../etcd/call.ts'
import { part } from '../etcd/wire.ts'
import { render } from '../reference.ts'
import { poll } from '../wait/poll.ts'
import { sense } from '../wait/sense.ts'
import type { EtcdService, Member } from './etcd.ts'

/** Who leads a cluster, and what can be done to whoever that is. */
export function createLeader(name: string, all: readonly Member[]): EtcdService['leader'] {
  const describe = `leader of ${name}`
  const find = () => waitForLeader(name, all)
  return {
    describe,
    about: [],
    read: (signal) =>
      sense({ kind: 'record', name: describe }, async () => (await findLeader(name, all, signal)).name),
    async kill() {
      const one = await find()
      await one.kill()
      return one
    },
    async pause() {
      const one = await find()
      await one.pause()
      return one
    },
  }
}

/** The member that says of itself that it leads. Rejects where none does. */
async function findLeader(name: string, all: readonly Member[], signal?: AbortSignal): Promise<Member> {
  const said: string[] = []
  for (const one of all) {
    try {
      const status = await askOne(render(one.url), { path: '/v3/maintenance/status', body: {}, signal })
      const own = part(part(status, 'header'), 'member_id')
      if (own !== undefined && own === part(status, 'leader')) return one
      said.push(`${one.name} does not lead`)
    } catch (error) {
      said.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new Failure(`no member of ${name} leads`, { last: said.join('; ') })
}

/** While a cluster elects, there is none for a moment. */
async function waitForLeader(name: string, all: readonly Member[]): Promise<Member> {
  const waited = await poll((signal) => findLeader(name, all, signal), {
    what: `${name} to have a leader`,
    within: 10_000,
    judge: () => ({ met: true }),
    show: (member) => member.name,
  })
  if (waited.value !== undefined && waited.ended === 'met') return waited.value
  throw waited.error ?? new Failure(`no member of ${name} leads`)
}
