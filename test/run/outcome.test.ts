import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ErrorCode } from '../../src/error.ts'
import type { ErrorRecord, Event, Happening } from '../../src/event.ts'
import { createOutcome, type Outcome } from '../../src/run/outcome.ts'

function told(
  happenings: readonly Happening[],
  options: Partial<Parameters<typeof createOutcome>[0]> = {},
): Outcome {
  const outcome = createOutcome({ strict: false, allowed: [], ...options })
  for (const happening of happenings) outcome.hear(eventOf(happening))
  return outcome
}

function eventOf(happening: Happening): Event {
  const script = happening.kind === 'script:end' ? happening.file : 'a.mts'
  return { time: 0, script, ...happening }
}

function errorOf(code: ErrorCode): ErrorRecord {
  return { code, title: `it ${code}`, message: `it ${code}` }
}

function scenario(error?: ErrorCode, ...more: readonly ErrorCode[]): Happening {
  return {
    kind: 'scenario:end',
    id: '1',
    title: 'a story',
    outcome: error === undefined ? 'passed' : 'failed',
    seconds: 1,
    claims: 1,
    error: error === undefined ? undefined : errorOf(error),
    more: more.map(errorOf),
  }
}

function script(code: number | null, signal: string | null = null, file = 'a.mts'): Happening {
  const isStop = signal === 'SIGTERM'
  return { kind: 'script:end', file, outcome: isStop ? 'interrupted' : 'failed', code, signal, seconds: 1 }
}

function skipped(reason: string): Happening {
  return { kind: 'skip', what: 'a step', reason, proves: [] }
}

describe('the outcome of a run', () => {
  test('is 0 when a scenario passed, and 2 when none ran', () => {
    assert.equal(told([scenario()]).exit, 0)
    assert.equal(told([]).exit, 2)
    assert.deepEqual(told([]).causes, ['usage: no scenario ran'])
    assert.equal(told([], { mayBeEmpty: true }).exit, 0)
  })

  test('has every cause, the weightiest first', () => {
    const outcome = told([scenario('threshold', 'leak'), scenario('deadline')])
    assert.deepEqual(outcome.causes, [
      'deadline: a story: it deadline',
      'threshold: a story: it threshold',
      'leak: a story: it leak',
    ])
    assert.equal(outcome.exit, 124)
  })

  test('counts a leak, a broken teardown, and what is added', () => {
    assert.equal(
      told([scenario(), { kind: 'leak', what: 'process 1', detail: 'sleep', ended: true }]).exit,
      4,
    )
    assert.equal(
      told([scenario(), { kind: 'teardown:error', what: 'x', error: errorOf('preflight') }]).exit,
      3,
    )
    const outcome = told([scenario()])
    outcome.add('failed', 'something else')
    assert.equal(outcome.exit, 1)
  })

  test('takes the exit code of a script that said nothing, also when another one has', () => {
    const outcome = told([scenario('failed'), script(3, null, 'b.mts')])
    assert.deepEqual(outcome.causes, [
      'preflight: b.mts ended with exit code 3',
      'failed: a story: it failed',
    ])
    assert.deepEqual(told([scenario('failed'), script(1)]).causes, ['failed: a story: it failed'])
  })

  test('fails for a script that a signal ended, unless the run had told it to stop', () => {
    assert.deepEqual(told([scenario(), script(null, 'SIGSEGV')]).causes, [
      'failed: a.mts was ended by SIGSEGV',
    ])
    assert.deepEqual(told([scenario(), script(null, 'SIGTERM')]).causes, [])
  })

  test('says by which signal a script was interrupted', () => {
    assert.equal(told([scenario('interrupted'), script(143)]).exit, 143)
  })

  test('counts skips; strictly, those that were not allowed are failures', () => {
    assert.deepEqual(told([scenario(), skipped('no GPU here')]).skips, ['a step: no GPU here'])
    assert.equal(told([scenario(), skipped('no GPU here')]).exit, 0)
    assert.equal(told([scenario(), skipped('no GPU here')], { strict: true }).exit, 1)
    assert.equal(told([scenario(), skipped('no GPU here')], { strict: true, allowed: ['GPU'] }).exit, 0)
    assert.equal(told([scenario(), script(77)], { strict: true }).exit, 1)
    assert.equal(told([script(77)]).exit, 0)
  })
})
