import '../own-state.ts'
import assert from 'node:assert/strict'
import { get } from 'node:http'
import { test } from 'node:test'
import { PreflightError } from '../../../src/error.ts'
import { listen } from '../../../src/event.ts'
import { createProgram } from '../../../src/service/program.ts'
import { start } from '../../../src/service/start.ts'
import { answering } from '../programs.ts'
import { describeWithDocker } from './engine.ts'
import { inContainers } from './programs.ts'

const LATE = 400

describeWithDocker('the network of a container', () => {
  test('is late by what was said, or it is said why it cannot be', async (context) => {
    await using web = createProgram(answering(inContainers('deployed').as('answers_http.mjs')))
    await start(web)
    try {
      await web.delay(`${LATE}ms`)
    } catch (error) {
      assert.ok(error instanceof PreflightError, String(error))
      assert.match(error.message, /cannot be delayed here\n {2}last .+\n {2}hint .+/)
      context.skip(error.story.last ?? error.title)
      return
    }
    assert.ok((await timeOf(String(web.url))) >= LATE)
    await web.heal()
    assert.equal(await web.exec('sh', '-c', 'echo there').then(({ stdout }) => stdout), 'there\n')
  })

  test('is told as broken from the cut to the end of it', async () => {
    await using web = createProgram(answering(inContainers('network').as('answers_http.mjs')))
    const told: string[] = []
    const stopListening = listen((event) => {
      if (event.kind === 'fault') told.push(`${event.what}: ${event.active}`)
    })
    await start(web)
    await web.cut()
    await web.heal()
    stopListening()
    assert.deepEqual(told, [
      `${web.name} is cut off its network: true`,
      `${web.name} is cut off its network: false`,
    ])
  })
})

function timeOf(url: string): Promise<number> {
  const began = performance.now()
  return new Promise((settle, reject) => {
    get(url, { agent: false }, (answer) => {
      answer.resume()
      settle(performance.now() - began)
    }).on('error', reject)
  })
}
