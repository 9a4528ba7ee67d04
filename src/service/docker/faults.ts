import { execFile } from 'node:child_process'
import { platform } from 'node:process'
import { promisify } from 'node:util'
import { Failure, PreflightError, toError } from '../../error.ts'
import { findExecutable } from '../../run/packages.ts'
import type { Network } from '../driver.ts'
import { ask, isRemote, saidBy } from './engine.ts'

/** How a container was on a network, as the engine says it and takes it again. */
type Endpoint = Readonly<Record<string, unknown>>

/** Containers that are off their networks, and how they were on them, by path. */
const off = new Map<string, ReadonlyMap<string, Endpoint>>()

interface Place {
  /** `/containers/<name>`. */
  readonly path: string
  readonly pid: number
  /** Called when it may have another address. */
  moved(): Promise<void>
}

/** Faults of the network of one container; its neighbours keep theirs. */
export function createNetwork({ path, pid, moved }: Place): Network {
  return {
    async cut() {
      if (off.has(path)) return
      const joined = networksIn((await ask({ path: `${path}/json` })).body)
      off.set(path, joined)
      for (const name of joined.keys())
        await change(name, 'disconnect', { Container: nameIn(path), Force: true })
    },
    delay: (milliseconds) => delayAll(pid, milliseconds),
    async heal() {
      await rejoin(path)
      if (await isDelayed(pid)) await eachDevice(pid, (device) => ['del', 'dev', device, 'root'])
      await moved()
    },
  }
}

/** Gives a container its networks back, where it was cut off them: before its next life as well. */
export async function rejoin(path: string): Promise<void> {
  for (const [name, { Aliases, Links, DriverOpts, IPAMConfig }] of off.get(path) ?? []) {
    const EndpointConfig = { Aliases, Links, DriverOpts, IPAMConfig }
    await change(name, 'connect', { Container: nameIn(path), EndpointConfig })
  }
  off.delete(path)
}

function nameIn(path: string): string {
  return path.replace('/containers/', '')
}

async function change(network: string, verb: 'connect' | 'disconnect', body: Endpoint): Promise<void> {
  const said = await ask({ method: 'POST', path: `/networks/${network}/${verb}`, body })
  // One that was made anew meanwhile is on its networks.
  if (said.status >= 300 && !/already/.test(saidBy(said.body)))
    throw new Failure(`the engine refused to ${verb} a container: ${saidBy(said.body)}`)
}

function networksIn(body: unknown): ReadonlyMap<string, Endpoint> {
  const settings = at(at(body, 'NetworkSettings'), 'Networks')
  return new Map(typeof settings === 'object' && settings !== null ? Object.entries(settings) : [])
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

async function delayAll(pid: number, milliseconds: number): Promise<void> {
  refuseElsewhere()
  await eachDevice(pid, (device) => [
    ...['replace', 'dev', device, 'root', 'netem', 'delay', `${milliseconds}ms`],
  ]).catch((cause) => {
    throw new PreflightError('the network of a container cannot be delayed here', {
      last: toError(cause).message.trim().split('\n').at(-1) ?? '',
      hint: 'it takes root and the kernel module sch_netem: sudo modprobe sch_netem',
      cause,
    })
  })
}

/** What is done to a container's devices is done by the kernel that it runs on. */
function refuseElsewhere(): void {
  const missing = ['tc', 'nsenter'].find((program) => findExecutable(program) === undefined)
  if (platform === 'linux' && missing === undefined && !isRemote()) return
  throw new PreflightError('the network of a container cannot be delayed here', {
    last: missing === undefined ? 'the containers run in another machine' : `${missing} is not installed`,
    hint: 'on Linux: apt-get install iproute2 util-linux',
  })
}

async function isDelayed(pid: number): Promise<boolean> {
  if (platform !== 'linux' || isRemote() || findExecutable('tc') === undefined) return false
  return /netem/.test(await traffic(pid, ['show']).catch(() => ''))
}

async function eachDevice(pid: number, words: (device: string) => readonly string[]): Promise<void> {
  const devices = [...(await traffic(pid, ['show'])).matchAll(/\bdev (\S+)/g)].map(
    ([, device = '']) => device,
  )
  for (const device of new Set(devices)) if (device !== 'lo') await traffic(pid, words(device))
}

/** `tc qdisc` in the network of that process. */
async function traffic(pid: number, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('nsenter', ['-t', String(pid), '-n', 'tc', 'qdisc', ...words])
  return stdout
}
