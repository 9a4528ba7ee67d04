import { env } from 'node:process'
import { mode } from 'shakedown'

/** The ports of the documents; in quick mode every pipeline has free ones, so that any number of them run side by side. */
const DOCUMENTED = { etcd: 12_379, streamer: 8091, gateway: 8090 } as const

/** What the suite is told from outside. */
export const settings = {
  ports: mode.name === 'quick' || env['TELEMETRY_PORTS'] === 'free' ? {} : DOCUMENTED,
} as const
