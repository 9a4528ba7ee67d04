import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Event } from '../../src/event.ts'
import { fixture, runScript, startScript, story } from './script.ts'

// Runs that are looked at closely: with a debugger, and with services that are starved.

const COMMAND = 'src/cli/main.mts'
const isLinux = process.platform === 'linux' ? false : 'the fixture reads /proc'

/** Says `go on` to a script that waits for its debugger, through its own protocol. */
async function letGo(address: string): Promise<WebSocket> {
  const targets: unknown = await (await fetch(`http://${address}/json/list`)).json()
  const [target] = Array.isArray(targets) ? targets : []
  const socket = new WebSocket(String(target.webSocketDebuggerUrl))
  const say = (...methods: readonly string[]) => {
    for (const [id, method] of methods.entries()) socket.send(JSON.stringify({ id, method }))
  }
  socket.onopen = () => say('Runtime.enable', 'Debugger.enable', 'Runtime.runIfWaitingForDebugger')
  socket.onmessage = ({ data }) => {
    if (String(data).includes('Debugger.paused')) say('Debugger.resume')
  }
  return socket
}

describe('a run that is looked at', { concurrency: 2 }, () => {
  test('--inspect waits for a debugger at the first line, and nothing takes too long', async () => {
    const script = startScript(COMMAND, { args: ['run', fixture('scenario_takes_too_long'), '--inspect'] })
    let address = ''
    const isNote = (event: Event) => {
      const [, found = ''] = event.kind === 'note' ? (/node inspect (\S+),/.exec(event.text) ?? []) : []
      address ||= found
      return found !== ''
    }
    await script.told('where the debugger is awaited', isNote)
    const socket = await letGo(address)
    await script.told('it goes on', (event) => event.kind === 'scenario:start' && event.timeout > 2 ** 30)
    // Node waits at its end for whoever still debugs it.
    socket.close()
    script.signal('SIGINT')
    assert.equal((await script.ended).code, 130)
  })

  test('--cpus stops services and lets them go on, by hand and by the runner', {
    skip: isLinux,
  }, async () => {
    const byHand = await runScript(story('is_starved'), { args: ['--cpus', '0.5'] })
    assert.equal(byHand.code, 0, byHand.stdout)
    const byRunner = await runScript(COMMAND, { args: ['run', story('is_starved'), '--cpus', '0.5'] })
    assert.equal(byRunner.code, 0, byRunner.stdout)
  })

  test('--cpus leaves nothing behind after a kill -9', { skip: isLinux }, async () => {
    const script = startScript(COMMAND, {
      args: ['run', story('is_starved'), '--cpus', '0.1'],
      env: { TURNS: '100000' },
    })
    const pids: number[] = []
    await script.told('it is starved', (event) => {
      if (event.kind === 'service:started' && event.pid !== undefined) pids.push(event.pid)
      return event.kind === 'wait:progress'
    })
    script.signal('SIGKILL')
    await script.ended
    assert.ok(pids.length >= 2)
    const { until } = await import('../service/until.ts')
    await until('its services are gone', () => pids.every((pid) => !isThere(pid)))
  })
})

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false // no such process
  }
}
