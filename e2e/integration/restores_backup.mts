#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// For people who come from bash: commands are commands, and how one ends is claimed like anything else.
import { $, expect, keys, redis, scenario, start, step, workdir } from 'shakedown'

// Redis waits 5 s for further replicas before it sends a copy, unless it is told not to.
const cache = redis({ name: 'original', args: ['--repl-diskless-sync-delay', '0'] })
const cli = ['redis-cli', '-e', '-p', cache.port]

await scenario('a backup can be restored', { requires: ['redis-server', 'redis-cli'] }, async () => {
  await start(cache)
  await $`${cli} MSET tea green coffee black`

  await step('a second server has what the first one had', async () => {
    const folder = workdir()
    await $`${cli} --rdb ${folder}/dump.rdb`
    await $`${cli} FLUSHALL`
    await expect(keys(cache, '*')).toHaveSize(0)
    const copy = redis({ name: 'copy', args: ['--dir', folder, '--dbfilename', 'dump.rdb'] })
    await start(copy)
    await expect(keys(copy, '*')).toBe(['coffee', 'tea'])
    await expect($`redis-cli -p ${copy.port} GET tea`).toExit(0, { stdout: /^green$/m })
  })

  await step('what cannot be is refused', async () => {
    await $`${cli} SET tea green`
    await expect($`${cli} INCR tea`).toExit(1, { stderr: /not an integer/ })
  })
})
