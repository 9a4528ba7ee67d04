import { atLeast, expect, step, traffic } from 'shakedown'
import type { App } from './workers.ts'

/** Claims that a request whose handler has begun is answered, also when the application is told to stop. */
export async function verifyTermUnderLoad(app: App): Promise<void> {
  await step(
    'TERM under load lets every request finish that has begun',
    { proves: ['GUN-190'] },
    async () => {
      const begins = app.logs.lines(/slow request begins/)
      const { length: earlier } = await begins.read()
      const workers = await app.workers.read()
      const slow = workers.map(() => app.get('/slow?seconds=0.5').send())
      await expect(begins).toHaveSize(atLeast(earlier + workers.length))
      const backlog = traffic(app, { paths: { '/': 1 }, connections: 4, requests: 20, expect: 'errors' })
      await app.stop('SIGTERM')
      for (const answer of await Promise.all(slow)) expect(answer.status).toBe(200)
      const sent = await backlog
      expect(sent.answered + sent.unanswered).toBe(sent.total)
      await expect(app.state).toBe('stopped')
    },
  )
}
