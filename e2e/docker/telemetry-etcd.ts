import { join } from 'node:path'
import { env } from 'node:process'
import { $, etcd, freePort, service, skip } from 'shakedown'

const SYSTEM = join(import.meta.dirname, '../../fixtures/systems/telemetry')
/** The name by which the documents know the container. */
const NAME = 'telemetry-etcd-test'

/** The Compose file of the pipeline's etcd. */
export const COMPOSE_FILE = join(SYSTEM, 'compose.yaml')

/**
 * The pipeline's etcd in a container, which Docker Compose brings up, and removes with its volumes at the end: on the port
 * and under the name that ETCD_PORT and ETCD_CONTAINER say, beside whatever has those of the documents where they say nothing. Its log is the container's.
 */
export async function createContainer() {
  const { ETCD_PORT, ETCD_CONTAINER } = env
  const port = ETCD_PORT === undefined ? await freePort() : Number(ETCD_PORT)
  const name = ETCD_CONTAINER ?? (ETCD_PORT === undefined ? `${NAME}-${port}` : NAME)
  const address = `http://127.0.0.1:${port}`
  const box = service({
    name: 'etcd-in-docker',
    run: [join(SYSTEM, 'compose_up.sh'), COMPOSE_FILE],
    env: { ETCD_PORT: port, ETCD_CONTAINER: name },
    // The engine listens there, not the program.
    port: 'none',
    ready: { log: /ready to serve client requests/ },
    within: '5m',
    stop: { within: '60s', to: 'leader' },
  })
  return { box, name, port, store: etcd({ at: address }) }
}

/** Leaves the scenario out, with the reason, where Docker Compose, the daemon or the image is not to be had. */
export async function requireDocker(): Promise<void> {
  const file = ['--file', COMPOSE_FILE]
  for (const words of [
    ['version'],
    ['compose', 'version'],
    ['compose', ...file, 'pull', '--policy', 'missing'],
  ]) {
    const { stdout, stderr } = await $`docker ${words} >&2 && echo there || true`
    if (stdout === '') skip(`docker ${words[0]}: ${stderr.trim().split('\n').at(-1)}`)
  }
}
