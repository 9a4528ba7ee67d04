import { PACKAGES } from './component-packages.ts'
import type { Component } from './components.ts'

/** etcd, and the tool with which a person looks into it: Debian has them in two packages. */
export const ETCD: readonly Component[] = [
  {
    name: 'etcd',
    needed: 'examples',
    purpose: 'keeps the queue and the data of the telemetry pipeline',
    binaries: ['etcd'],
    variable: 'ETCD_BIN',
    // 3.4 has the JSON gateway under /v3.
    version: { args: ['--version'], pattern: /etcd Version: (\d+(?:\.\d+)+)/, minimum: '3.4' },
    packages: PACKAGES.etcd,
    download: 'https://github.com/etcd-io/etcd/releases',
  },
  {
    name: 'etcdctl',
    needed: 'examples',
    purpose: 'looks into etcd by hand',
    binaries: ['etcdctl'],
    variable: 'ETCDCTL_BIN',
    version: { args: ['version'], pattern: /etcdctl version: (\d+(?:\.\d+)+)/, minimum: '3.4' },
    packages: PACKAGES.etcdctl,
    download: 'https://github.com/etcd-io/etcd/releases',
  },
]
