import { platform } from 'node:process'
import { Failure } from '../../error.ts'
import type { Viewer } from '../../reference.ts'
import { runId } from '../../run-id.ts'
import { ask, engineAddress, isRemote, saidBy } from './engine.ts'
import { forgetObject, makeObject, nameInRun, RUN_LABEL } from './object.ts'
import { closeRelays, openRelays, wantRelay } from './relay.ts'
import { removeObject } from './remove.ts'

/** By what name a container finds the machine that it runs on. */
export const HOST_NAME = 'host.docker.internal'

/** The network on which the containers of this run reach each other by the names of their services. */
export interface Network {
  readonly name: string
  /** Where the machine itself is on it; undefined where the engine's own means must do. */
  readonly gateway: string | undefined
}

/** From where containers on the network of this run look at addresses. */
export const CONTAINERS: Viewer = createViewer('containers')

/** From where containers of some network look at addresses; what listens on this machine they find through a relay. */
export function createViewer(place: string): Viewer {
  return {
    place,
    toHost(port) {
      wantRelay(port)
      return { host: HOST_NAME, port }
    },
  }
}

let users = 0
let opening: Promise<Network> | undefined
let closing: Promise<void> = Promise.resolve()

/** Joins the network of this run, which is made for the first who asks. */
export function joinNetwork(): Promise<Network> {
  users += 1
  opening ??= closing.then(makeNetwork)
  opening.catch(() => {
    // Whoever joined is told; the next one tries again.
    opening = undefined
  })
  return opening
}

/** Leaves it; with the last one it goes. */
export async function leaveNetwork(): Promise<void> {
  users -= 1
  const leaving = opening
  if (users > 0 || leaving === undefined) return
  opening = undefined
  closing = leaving.then(
    (network) => remove(network),
    () => {
      // It was never made.
    },
  )
  await closing
}

/** Opens what containers need to reach the processes whose addresses they were told. */
export function openHost({ gateway }: Network): Promise<void> {
  return gateway === undefined ? Promise.resolve() : openRelays(gateway)
}

async function makeNetwork(): Promise<Network> {
  const name = nameInRun()
  const body = { Name: name, Driver: 'bridge', Labels: { [RUN_LABEL]: runId } }
  await makeObject({ what: 'network', name }, async () => {
    const made = await ask({ method: 'POST', path: '/networks/create', body })
    if (made.status === 201) return
    throw new Failure(`the network of this run cannot be made: ${saidBy(made.body)}`, {
      hint: /address pool/.test(saidBy(made.body))
        ? ['too many networks are left over: docker network prune']
        : [],
    })
  })
  return { name, gateway: platform === 'linux' && !isRemote() ? await findGateway(name) : undefined }
}

async function findGateway(name: string): Promise<string | undefined> {
  const { body } = await ask({ path: `/networks/${name}` })
  const text = JSON.stringify(body)
  return /"Gateway":"([\d.]+)"/.exec(text)?.[1]
}

async function remove({ name }: Network): Promise<void> {
  closeRelays()
  await removeObject({ what: 'network', name, engine: engineAddress() })
  forgetObject(name)
}
