// The shortest scenario: one step, one claim.
import { expect, scenario, step } from 'shakedown'

await scenario('nothing to do', {}, async () => {
  await step('one is one', async () => {
    expect(1).toBe(1)
  })
})
