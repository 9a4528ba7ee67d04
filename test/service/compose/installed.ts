import { test } from 'node:test'
import { toError } from '../../../src/error.ts'
import { composeCommand } from '../../../src/service/compose/command.ts'
import { describeWithDocker } from '../docker/engine.ts'

/** Tests that need Docker and Compose: a visible skip with the reason where one is missing. */
export function describeWithCompose(what: string, tests: () => void): void {
  try {
    composeCommand()
  } catch (error) {
    test(what, { skip: toError(error).message.split('\n').join('; ') }, () => {})
    return
  }
  describeWithDocker(what, tests)
}
