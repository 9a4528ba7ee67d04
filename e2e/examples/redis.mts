#!/usr/bin/env -S sh -c 'exec "$(dirname "$(readlink -f "$0")")/../../scripts/node" "$0" "$@"'
// What is in a Redis is read, and that it goes by itself is proven.
import { command, expect, hash, keys, redis, scenario, start, step } from 'shakedown'

const cache = redis()

await scenario('a session in Redis', { tags: ['example', 'redis'] }, async () => {
  await start(cache)

  await step('it is written, with a time to live', async () => {
    // #region read
    await expect(command(cache, 'HSET', 'session:1', 'user', 'ada')).toBe(1)
    await expect(command(cache, 'PEXPIRE', 'session:1', '60000')).toBe(1)
    await expect(hash(cache, 'session:1')).toEqual({ user: 'ada' })
    await expect(keys(cache, 'session:*')).toHaveTtl('60s')
    // #endregion
  })

  await step('it goes by itself', async () => {
    // #region expire
    const sessions = keys(cache, 'session:*')
    await expect(command(cache, 'PEXPIRE', 'session:1', '1000')).toBe(1)
    await expect(sessions).toExpire({ within: '1s', deletions: 0 })
    // #endregion
  })
})
