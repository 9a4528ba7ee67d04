import { resolve } from 'node:path'
import type { Duration } from '../duration.ts'
import type { Http } from '../http/http.ts'
import { fetchPage } from '../http/page.ts'
import { createMetrics, type Metered } from '../metrics/metrics.ts'
import { at, type Reference, type Word } from '../reference.ts'
import { findComponent } from '../run/find.ts'
import { inContainers } from '../service/chosen.ts'
import type { ContainerSource } from '../service/docker/container.ts'
import { createProgram, type Program } from '../service/program.ts'
import type { Env, FurtherPort, Place, Placed, Ready, Stop } from '../service/spec.ts'
import type { Reading } from '../wait/reading.ts'
import { extend, type Service, service } from './service.ts'

/** How a gunicorn is described. */
export interface GunicornOptions<Port extends string = never> {
  readonly name?: string
  /** One that already runs is described by its address, and by nothing of this. */
  readonly at?: undefined
  /** The folder of the application, from which gunicorn runs. */
  readonly in: string
  /** Its own configuration in Python, relative to that folder. */
  readonly config?: string
  /** The WSGI application; what the configuration says where it is not given. */
  readonly app?: string
  /** What its configuration says where it is not given; 2 where there is none. */
  readonly workers?: number
  /** A fixed port for the application; a free one where it is not given. */
  readonly port?: number
  /** Further ports by name, and the variable that tells the application. `metrics` has `PROMETHEUS_METRICS_PORT` where it is not given. */
  readonly ports?: Readonly<Record<Port, FurtherPort>>
  readonly env?: Placed<Env, Port | 'metrics'>
  /** Written into the service's own folder before it starts, by their names; `env` and `args` say where: `({ dir }) => …`. */
  readonly files?: Readonly<Record<string, Placed<string | Reference, Port | 'metrics'>>>
  /** Appended to the command line, so that they win over what is said here. */
  readonly args?: readonly Word[]
  /** What must be true besides: every worker is ready, and the port accepts connections. */
  readonly ready?: readonly Ready<Port | 'metrics'>[]
  readonly stop?: Stop
  /** The gunicorn program; the one of the project's virtual environment or of the PATH where it is not given. */
  readonly program?: string
  /** What it is run in where containers are chosen; what the Dockerfile in the folder of the application says where it is not given. */
  readonly container?: ContainerSource
}

/** One that already runs: it is neither started nor stopped, and its workers are not seen. */
export interface GunicornElsewhere {
  readonly name?: string
  /** Where its application answers: `http://host:port`. */
  readonly at: string
  /** The page of its metrics: `http://host:port/metrics`; `/metrics` of the application where it is not given. */
  readonly metrics?: string
  /** By a connection where it is not given. */
  readonly ready?: Ready<'metrics'>
  /** How long it may take to answer; `'15s'` where it is not given. */
  readonly within?: Duration
}

/** What a gunicorn answers for beside what every program does. */
export interface GunicornExtras extends Http, Metered {
  /** The pids of the workers that have loaded the application and are alive. */
  readonly workers: Reading<readonly number[]>
}

/** How a worker says that it has loaded the application: gunicorn's own log says only that it was forked. */
const WORKER_READY = /\[shakedown\] worker (\d+) of (?<times>\d+) is ready/

/**
 * gunicorn, ready when every worker has loaded the application: the first answer comes earlier, and a stop at that
 * moment can hang (measured with 20.1: 2 % of the stops).
 */
export function gunicorn<const Port extends string = never>(
  options: GunicornOptions<Port> | GunicornElsewhere,
): Service<GunicornExtras, Port | 'metrics'> {
  // Further ports are names of what is started here.
  if (options.at !== undefined) return createForeign(options) as Service<GunicornExtras, Port | 'metrics'> // why: see above
  // What somebody's own configuration says is what is tested.
  const workers = options.workers ?? (options.config === undefined ? 2 : undefined)
  const folder = resolve(options.in)
  const ports = { metrics: 'PROMETHEUS_METRICS_PORT', ...options.ports } as Readonly<
    Record<Port | 'metrics', string>
  > // both halves are spelt out above
  const program: Program<Port | 'metrics'> = createProgram<Port | 'metrics'>({
    name: options.name ?? 'gunicorn',
    run: ({ host, port, dir }) => [
      options.program ?? findGunicorn(),
      ...['--config', `${dir}/gunicorn.conf.py`],
      ...['--bind', `${host}:${port}`],
      ...(workers === undefined ? [] : ['--workers', workers]),
      ...(options.args ?? []),
      ...(options.app === undefined ? [] : [options.app]),
    ],
    in: folder,
    files: {
      ...options.files,
      'gunicorn.conf.py': createConfig(
        options.config === undefined ? undefined : resolve(folder, options.config),
      ),
    },
    env: (place) => ({
      PYTHONUNBUFFERED: 1,
      ...openTo(place, typeof options.env === 'function' ? options.env(place) : options.env),
    }),
    ...(options.port === undefined ? {} : { port: options.port }),
    ports,
    ready: {
      all: [{ log: WORKER_READY, times: workers ?? 'told' }, { tcp: true }, ...(options.ready ?? [])],
    },
    failOn: [/Worker failed to boot/],
    evidence: async (signal) => ({
      'metrics.txt': await fetchPage(at`http://${program.endpoint('metrics')}/metrics`, signal),
    }),
    stop: options.stop ?? { signal: 'SIGTERM', within: '30s' },
    install: 'make install',
    container: options.container ?? { build: folder },
  })
  const metrics = createMetrics(at`http://${program.endpoint('metrics')}/metrics`)
  return Object.assign(extend(program), { metrics, workers: createWorkers(program) })
}

function createForeign({ name = 'gunicorn', metrics: page, ...rest }: GunicornElsewhere) {
  const program = service({ ...rest, name, ports: { metrics: page ?? rest.at } })
  const metrics = createMetrics(page === undefined ? at`${program.url}/metrics` : at`${page}`)
  return Object.assign(program, { metrics, workers: createWorkers(program) })
}

/**
 * Whoever serves metrics on the loopback means this machine and nobody else. In a container that would be nobody at all: there
 * it listens on all addresses, and the published port is on the loopback.
 */
function openTo({ host }: Place<string>, env: Env = {}): Env {
  const isLoopback = env[BIND] === '127.0.0.1' || env[BIND] === 'localhost'
  return isLoopback ? { ...env, [BIND]: host } : env
}

const BIND = 'PROMETHEUS_BIND_ADDRESS'

/** A worker counts from when it has loaded the application until it is gone. */
function createWorkers(program: Program<string>): Reading<readonly number[]> {
  const ready = program.logs.lines(WORKER_READY)
  return {
    describe: `workers of ${program.name}`,
    about: program.children.about,
    async read(signal) {
      const [alive, lines] = await Promise.all([program.children.read(signal), ready.read(signal)])
      const announced = new Set(lines.map((line) => Number(WORKER_READY.exec(line)?.[1])))
      return alive.filter((pid) => announced.has(pid)).sort((one, other) => one - other)
    },
  }
}

function findGunicorn(): string {
  if (inContainers()) return 'gunicorn'
  const found = findComponent('gunicorn')
  return 'path' in found ? found.path : 'gunicorn'
}

/** Wraps the application's own configuration: a worker that is ready says so, whatever else the hooks do. */
function createConfig(own: string | undefined): string {
  const path = JSON.stringify(own ?? '')
  return `# Runs the application's own configuration, then lets every worker say when it has loaded the application.
own = ${path}
if own:
    with open(own) as file:
        exec(compile(file.read(), own, "exec"))
_own_post_worker_init = globals().get("post_worker_init")
def post_worker_init(worker):
    if _own_post_worker_init is not None:
        _own_post_worker_init(worker)
    import os, sys
    os.write(2, b"[shakedown] worker %d of %d is ready\\n" % (os.getpid(), worker.cfg.workers))
`
}
