// Programs that know when they are ready, started one after another: by a connection, an answer, a line of the log.
import { expect, scenario, service, start } from 'shakedown'

const READY = { tcp: { tcp: true }, http: { http: '/' }, log: { log: /ready at/ } } as const

for (const delay of [100, 500, 2000]) {
  for (const by of ['tcp', 'http', 'log'] as const) {
    await scenario(`ready after ${delay} ms, by ${by}`, {}, async () => {
      const program = service({
        name: `${by}-${delay}`,
        run: ['node', 'fixtures/programs/tells_readiness.mjs', delay],
        in: '.',
        port: { env: 'PORT' },
        ready: READY[by],
      })
      await start(program)
      await expect(program.state).toBe('running')
    })
  }
}
