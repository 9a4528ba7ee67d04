import { PACKAGES, type PackageManager, type Packages } from './component-packages.ts'
import { ETCD } from './components-etcd.ts'

/** A program that tests run against: how it is found, how old it may be, where it comes from. */
export interface Component {
  readonly name: string
  /** What needs it. Only `main job` is installed unless something else is asked for by name. */
  readonly needed:
    | 'main job'
    | 'examples'
    | 'bench'
    | 'work on the project'
    | 'tests in containers'
    | 'tests in a browser'
  /** Too much to bring along unasked: installed only when it is asked for by name. */
  readonly onlyByName?: true
  readonly purpose: string
  /** Names on the PATH, the best first. */
  readonly binaries: readonly string[]
  /** The environment variable that names another binary. */
  readonly variable: string
  /** How the program prints its version (either stream), and the oldest one that will do. */
  readonly version: { readonly args: readonly string[]; readonly pattern: RegExp; readonly minimum: string }
  /** Where a manager has no package that would do, `download` is the way. */
  readonly packages: Packages
  readonly download: string
  /** How a person starts it as a service of the machine, where the manager's package brings one. */
  readonly daemon?: Readonly<Partial<Record<PackageManager, string>>>
  /** Lives in the project's virtual environment, made from this file. */
  readonly requirements?: string
  /** What must work besides being there: arguments with which the program exits 0. */
  readonly probe?: readonly string[]
  /** Operating systems on which it cannot run at all, and why. */
  readonly never?: Readonly<Partial<Record<NodeJS.Platform, string>>>
}

/** How a package manager is recognised and asked. Recommended packages are left out: they are what starts further daemons. */
export const PACKAGE_MANAGERS = {
  apt: { binary: 'apt-get', install: ['install', '-y', '--no-install-recommends'], asRoot: true },
  dnf: { binary: 'dnf', install: ['install', '-y', '--setopt=install_weak_deps=False'], asRoot: true },
  apk: { binary: 'apk', install: ['add', '--no-cache'], asRoot: true },
  brew: { binary: 'brew', install: ['install', '--quiet'], asRoot: false },
  choco: { binary: 'choco', install: ['install', '-y', '--no-progress'], asRoot: false },
  winget: {
    binary: 'winget',
    install: ['install', '--exact', '--accept-source-agreements', '--accept-package-agreements'],
    asRoot: false,
  },
} as const satisfies Readonly<
  Record<
    PackageManager,
    { readonly binary: string; readonly install: readonly string[]; readonly asRoot: boolean }
  >
>

/** Every program that the project's own scripts start, in the order in which it is listed and installed. */
export const COMPONENTS: readonly Component[] = [
  {
    name: 'redis-server',
    needed: 'main job',
    purpose: 'keeps the metrics of the Redis scripts',
    binaries: ['redis-server', 'valkey-server'],
    variable: 'REDIS_BIN',
    // 7.0 brought PEXPIRETIME, by which expiry is proven.
    version: { args: ['--version'], pattern: /\bv=(\d+(?:\.\d+)+)/, minimum: '7.0' },
    packages: PACKAGES['redis-server'],
    download: 'https://redis.io/downloads/',
    daemon: {
      apt: 'systemctl start redis-server',
      dnf: 'systemctl start valkey',
      apk: 'rc-service redis start',
      brew: 'brew services start redis',
    },
    never: { win32: 'there is no current Redis server for Windows' },
  },
  {
    name: 'prometheus',
    needed: 'main job',
    purpose: 'scrapes the applications and answers PromQL',
    binaries: ['prometheus'],
    variable: 'PROMETHEUS_BIN',
    version: { args: ['--version'], pattern: /version (\d+(?:\.\d+)+)/, minimum: '2.42' },
    packages: PACKAGES.prometheus,
    download: 'https://prometheus.io/download/',
  },
  {
    name: 'python',
    needed: 'main job',
    purpose: 'runs gunicorn and the applications',
    binaries: ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python'],
    variable: 'PYTHON_BIN',
    version: { args: ['--version'], pattern: /Python (\d+(?:\.\d+)+)/, minimum: '3.9' },
    packages: PACKAGES.python,
    download: 'https://www.python.org/downloads/',
    probe: ['-c', 'import ensurepip, venv'],
  },
  {
    name: 'gunicorn',
    needed: 'main job',
    purpose: 'serves the applications, with the exporter in it',
    binaries: ['gunicorn'],
    variable: 'GUNICORN_BIN',
    version: { args: ['--version'], pattern: /version (\d+(?:\.\d+)+)/, minimum: '20.1' },
    packages: PACKAGES.gunicorn,
    download: 'https://pypi.org/project/gunicorn/',
    requirements: 'fixtures/apps/exporter/requirements.txt',
    never: { win32: 'gunicorn needs fork and fcntl' },
  },
  {
    name: 'nginx',
    needed: 'examples',
    purpose: 'is the server of the newcomer example and of the benchmarks',
    binaries: ['nginx'],
    variable: 'NGINX_BIN',
    version: { args: ['-v'], pattern: /nginx\/(\d+(?:\.\d+)+)/, minimum: '1.18' },
    packages: PACKAGES.nginx,
    download: 'https://nginx.org/en/download.html',
  },
  {
    name: 'nginx-exporter',
    needed: 'examples',
    purpose: 'is the exporter of the newcomer example',
    binaries: ['prometheus-nginx-exporter', 'nginx-prometheus-exporter'],
    variable: 'NGINX_EXPORTER_BIN',
    version: { args: ['--version'], pattern: /[Vv]ersion[=: ]+v?(\d+(?:\.\d+)+)/, minimum: '0.9' },
    packages: PACKAGES['nginx-exporter'],
    download: 'https://github.com/nginx/nginx-prometheus-exporter/releases',
  },
  ...ETCD,
  {
    name: 'wrk',
    needed: 'bench',
    purpose: 'is the load generator that traffic is measured against',
    binaries: ['wrk'],
    variable: 'WRK_BIN',
    version: { args: ['-v'], pattern: /wrk\D*(\d+(?:\.\d+)+)/, minimum: '4.0' },
    packages: PACKAGES.wrk,
    download: 'https://github.com/wg/wrk',
    never: { win32: 'wrk needs a POSIX system' },
  },
  {
    name: 'chromium',
    needed: 'tests in a browser',
    purpose: 'opens the report of a run, as its readers do',
    binaries: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    variable: 'CHROMIUM_BIN',
    version: { args: ['--version'], pattern: /Chrom\w* (\d+(?:\.\d+)+)/, minimum: '123' },
    packages: PACKAGES.chromium,
    download: 'https://www.chromium.org/getting-involved/download-chromium/',
  },
  {
    name: 'git',
    needed: 'work on the project',
    purpose: 'has the history, and says which files are the project',
    binaries: ['git'],
    variable: 'GIT_BIN',
    version: { args: ['--version'], pattern: /version (\d+(?:\.\d+)+)/, minimum: '2.20' },
    packages: PACKAGES.git,
    download: 'https://git-scm.com/downloads',
  },
  {
    name: 'docker',
    needed: 'tests in containers',
    onlyByName: true,
    purpose: 'runs containers',
    binaries: ['docker'],
    variable: 'DOCKER_BIN',
    version: { args: ['--version'], pattern: /version (\d+(?:\.\d+)+)/, minimum: '20.10' },
    packages: PACKAGES.docker,
    download: 'https://docs.docker.com/get-docker/',
  },
]
