import { findComponent } from '../../src/run/find.ts'

const found = findComponent('etcd')

/** Options of a test that needs a real etcd: left out, with the reason, where there is none. */
export const needsEtcd = { skip: 'path' in found ? false : `${found.missing}: ${found.hint}` }
