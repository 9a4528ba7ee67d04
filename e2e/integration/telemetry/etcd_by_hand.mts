#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../../scripts/node" "$0" "$@"'
// An etcd to look into by hand: stays up until Ctrl-C, or until it is called again with `stop`.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { etcd, start } from 'shakedown'

/** Not one by which a person ends it: those are told as an interruption. */
const STOP = 'SIGUSR2'
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
    process.once(STOP, () => {
      clearInterval(waiting)
      resolve(STOP)
    })
  })
  rmSync(note, { force: true })
}

function stop(): void {
  try {
    process.kill(Number(readFileSync(note, 'utf8')), STOP)
    process.stdout.write(`stopped localhost:${port}\n`)
  } catch {
    // It is not there, or was not started by this program: then there is nothing to stop.
    process.stdout.write(`nothing to stop on localhost:${port}\n`)
  }
}
