import { Failure, PreflightError } from '../../error.ts'
import { FULL } from './build.ts'
import { ask, engineAddress, saidBy } from './engine.ts'
import { forgetObject, makeObject, nameInRun } from './object.ts'
import { removeObject } from './remove.ts'
import type { Settings } from './settings.ts'

/** A container that was made, whether it runs or not. */
export interface Box {
  readonly name: string
  readonly settings: Settings
}

/** Makes the container of a service; it stands in the ledger before the engine is asked for it. */
export async function makeBox(service: string, settings: Settings): Promise<Box> {
  const name = nameInRun(service)
  const path = `/containers/create?name=${encodeURIComponent(name)}`
  await makeObject({ what: 'container', name }, async () => {
    const { status, body } = await ask({ method: 'POST', path, body: settings })
    if (status !== 201) throw tellUnmade(service, saidBy(body))
  })
  return { name, settings }
}

/** Removes it with its anonymous volumes, whatever it is doing. */
export async function removeBox({ name }: Box): Promise<void> {
  await removeObject({ what: 'container', name, engine: engineAddress() })
  forgetObject(name)
}

function tellUnmade(service: string, last: string): Failure | PreflightError {
  if (/no space left on device/i.test(last))
    return new PreflightError(`${service} cannot be started: there is no room for its container`, {
      last,
      hint: FULL,
    })
  if (/bind source path does not exist/i.test(last))
    return new PreflightError(`${service} cannot be started: the engine does not see its folder`, {
      last,
      hint: 'Docker Desktop shows its containers only the folders that its settings share: Resources, File sharing',
    })
  return new Failure(`the container of ${service} cannot be made`, { last })
}

/** Why the engine could not start a container, in the words of whoever described it. */
export function tellUnstarted(
  plan: { readonly service: string; readonly install?: string | undefined },
  said: string,
): Error {
  const { service } = plan
  const title = `${service} cannot be started`
  const [, program] = /exec: "([^"]+)": (?:executable file not found|stat .*no such file)/.exec(said) ?? []
  if (program !== undefined)
    return new PreflightError(`${title}: its image has no ${program}`, {
      last: said,
      hint: 'name a program that is in the image, or another image',
    })
  if (/exec format error/i.test(said))
    return new PreflightError(`${title}: its image is for another processor`, {
      last: said,
      hint: 'choose one for this machine: docker image inspect says for which it is, docker version for which the engine',
    })
  const [, port] = /(?:127\.0\.0\.1|0\.0\.0\.0):(\d+).*(?:already allocated|already in use)/.exec(said) ?? []
  if (port !== undefined)
    return new PreflightError(`port ${port} of ${service} is taken`, {
      last: said,
      hint: ['see who holds it: ss -ltnp', 'or leave the port out: a free one is taken then'],
    })
  if (/no space left on device/i.test(said)) return new PreflightError(title, { last: said, hint: FULL })
  return new Failure(title, { last: said })
}
