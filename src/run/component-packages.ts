/** A package manager that the project knows how to ask. */
export type PackageManager = 'apt' | 'dnf' | 'apk' | 'brew' | 'choco' | 'winget'

/** What a package manager has of a component: its packages, or in words why none of them would do. */
export type Packages = Readonly<Record<PackageManager, readonly string[] | string>>

const NONE = 'none is known there'
const FROM_PYPI = 'it comes from PyPI, into the virtual environment of the project'
const NO_REDIS = 'there is no current Redis server for Windows'
const NEEDS_POSIX = 'it needs a POSIX system'

/** Every component beside every package manager. */
export const PACKAGES = {
  'redis-server': {
    apt: ['redis-server'],
    dnf: ['valkey'],
    apk: ['redis'],
    brew: ['redis'],
    choco: NO_REDIS,
    winget: NO_REDIS,
  },
  prometheus: {
    apt: ['prometheus'],
    dnf: NONE,
    apk: ['prometheus'],
    brew: ['prometheus'],
    choco: ['prometheus'],
    winget: 'it has exporters of Prometheus, and not Prometheus itself',
  },
  // Debian and Ubuntu keep the part that makes virtual environments in a package of its own.
  python: {
    apt: ['python3', 'python3-venv'],
    dnf: ['python3'],
    apk: ['python3'],
    brew: ['python'],
    choco: ['python'],
    winget: ['Python.Python.3.13'],
  },
  gunicorn: {
    apt: FROM_PYPI,
    dnf: FROM_PYPI,
    apk: FROM_PYPI,
    brew: FROM_PYPI,
    choco: FROM_PYPI,
    winget: FROM_PYPI,
  },
  nginx: {
    apt: ['nginx-light'],
    dnf: ['nginx'],
    apk: ['nginx'],
    brew: ['nginx'],
    choco: ['nginx'],
    winget: ['nginxinc.nginx'],
  },
  'nginx-exporter': {
    apt: ['prometheus-nginx-exporter'],
    dnf: NONE,
    apk: NONE,
    brew: ['nginx-prometheus-exporter'],
    choco: NONE,
    winget: ['nginxinc.nginx-prometheus-exporter'],
  },
  etcd: { apt: ['etcd-server'], dnf: ['etcd'], apk: NONE, brew: ['etcd'], choco: ['etcd'], winget: NONE },
  etcdctl: { apt: ['etcd-client'], dnf: ['etcd'], apk: NONE, brew: ['etcd'], choco: ['etcd'], winget: NONE },
  wrk: { apt: ['wrk'], dnf: ['wrk'], apk: ['wrk'], brew: ['wrk'], choco: NEEDS_POSIX, winget: NEEDS_POSIX },
  chromium: {
    apt: ['chromium'],
    dnf: ['chromium'],
    apk: ['chromium'],
    brew: ['chromium'],
    choco: ['chromium'],
    winget: ['Hibbiki.Chromium'],
  },
  git: { apt: ['git'], dnf: ['git'], apk: ['git'], brew: ['git'], choco: ['git'], winget: ['Git.Git'] },
  docker: {
    // The command, and the machine with Linux that it needs on macOS.
    apt: ['docker.io'],
    dnf: ['moby-engine'],
    apk: ['docker'],
    brew: ['docker', 'colima'],
    choco: ['docker-desktop'],
    winget: ['Docker.DockerDesktop'],
  },
} as const satisfies Readonly<Record<string, Packages>>
