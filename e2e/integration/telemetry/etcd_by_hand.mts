#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../../scripts/node" "$0" "$@"'
// An etcd to look into by hand: stays up until Ctrl-C, or until it is called again with `stop`.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { etcd, start } from 'shakedown'

const port = Number(process.env['ETCD_PORT'] ?? 12_379)
const note = join(tmpdir(), `shakedown-etcd-${process.getuid?.() ?? 'user'}-${port}.pid`)

if (process.argv[2] === 'stop') stop()
else await run()

async function run(): Promise<void> {
  await using store = etcd({ port })
  await start(store)
  writeFileSync(note, String(process.pid))
  process.stdout.write(
    `localhost:${port}\nlook into it: etcdctl --endpoints localhost:${port} get --prefix /telemetry\n`,
  )
  await new Promise((resolve) => {
    const waiting = setInterval(() => {}, 60_000)
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        clearInterval(waiting)
        resolve(signal)
      })
  })
  rmSync(note, { force: true })
}

function stop(): void {
  try {
    process.kill(Number(readFileSync(note, 'utf8')), 'SIGTERM')
    process.stdout.write(`stopped localhost:${port}\n`)
  } catch {
    // It is not there, or was not started by this program: then there is nothing to stop.
    process.stdout.write(`nothing to stop on localhost:${port}\n`)
  }
}
