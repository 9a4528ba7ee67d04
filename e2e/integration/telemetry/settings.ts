import { env } from 'node:process'

const { STREAMER_PORT, GATEWAY_PORT, ETCD_PORT } = env

/** What the suite is told from outside: fixed ports where they were asked for, a free one for each service where not. */
export const settings = {
  ports: {
    ...(STREAMER_PORT === undefined ? {} : { streamer: Number(STREAMER_PORT) }),
    ...(GATEWAY_PORT === undefined ? {} : { gateway: Number(GATEWAY_PORT) }),
    ...(ETCD_PORT === undefined ? {} : { etcd: Number(ETCD_PORT) }),
  },
} as const
