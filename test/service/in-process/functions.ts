import {
  answerHttp,
  endUnclean,
  exitAtBoot,
  ignoreStop,
  printEnvironment,
} from '../../../fixtures/programs/functions.ts'
import { type Act, createInProcessDriver, inProcess } from '../../../src/service/in-process/run.ts'
import type { Programs } from '../contract.ts'

/** What the programs of `fixtures/programs` do, as functions. */
const ACTS: Readonly<Record<string, Act>> = {
  'answers_http.mjs': answerHttp,
  'prints_environment.sh': printEnvironment,
  'exits_at_boot.mjs': exitAtBoot,
  'ignores_term.mjs': ignoreStop,
  'ends_unclean.mjs': endUnclean,
}

/** The programs of the contract, in the process of the test. */
export const functions: Programs = {
  driver: createInProcessDriver(answerHttp),
  as(name, ...args) {
    const act = ACTS[name]
    if (act === undefined) throw new Error(`there is no function for ${name}`)
    return { run: inProcess(act, args) }
  },
}
