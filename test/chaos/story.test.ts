import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Kind } from '../../scripts/chaos/kinds.ts'
import { type End, judgeStory, type Story } from '../../scripts/chaos/story.ts'

const GREEN: Story = {
  events: [{ kind: 'run:start' }, { kind: 'run:end', exit: 0 }],
  broken: [],
  isReported: true,
}
const STOPPED: Story = { ...GREEN, events: [{ kind: 'run:start' }, { kind: 'run:end', exit: 130 }] }
const CUT: Story = { ...GREEN, events: [{ kind: 'run:start' }] }

describe('what a run that was told to stop says of its end', () => {
  for (const [what, story, end, wrong] of [
    ['interrupted, and it says so', STOPPED, { code: 130 }, undefined],
    ['over before the signal was heard', GREEN, { code: 0 }, undefined],
    ['over, and ended by the signal while Node was going away', GREEN, { signal: 'SIGINT' }, undefined],
    [
      'the same without its reports',
      { ...GREEN, isReported: false },
      { signal: 'SIGINT' },
      /end with 130: SIGINT/,
    ],
    [
      'the same with a signal that nobody sent',
      GREEN,
      { signal: 'SIGKILL' },
      /end with 130: SIGKILL, the log says 0/,
    ],
    [
      'ended by the signal in the middle',
      CUT,
      { signal: 'SIGINT' },
      /end with 130: SIGINT, the log says undefined/,
    ],
    [
      'ended by the signal after it said 130',
      STOPPED,
      { signal: 'SIGINT' },
      /end with 130: SIGINT, the log says 130/,
    ],
    ['another code than its log says', GREEN, { code: 130 }, /end with 130: exit code 130, the log says 0/],
    ['red for no reason', { ...GREEN, events: [] }, { code: 1 }, /did not end at once: exit code 1/],
  ] as const) {
    test(what, () => {
      const told = judgeStory(story, endOf('int', end))
      if (wrong === undefined) assert.deepEqual(told, [])
      else assert.match(told.join('\n'), wrong)
    })
  }
})

function endOf(kind: Kind, { code = null, signal = null }: Partial<End>): End {
  return { kind, code, signal, tooLate: false, output: 'interrupted' }
}
