import { type Answer, createAnswer } from '../http/answer.ts'
import { type Lie, lieAbout, MISSING } from './lie.ts'
import { isRecord, VALUE } from './lies-value.ts'

/** No process has such a pid: whatever is done to it reaches nobody. */
const NOBODY = 2 ** 30

/** What a server answers. */
export const ANSWER: readonly Lie[] = [
  aboutAnswer('nothing', 'is answered with another status and nothing in it', (status) => ({
    status: otherThan(status),
    text: '',
    headers: {},
  })),
  {
    name: 'answered',
    words: 'is answered',
    isConstant: true,
    tell: (truth) =>
      'error' in truth
        ? { value: createAnswer({ status: 200, headers: {}, text: '', milliseconds: 1 }) }
        : truth,
  },
  aboutAnswer('status', 'is answered with another status', (status) => ({ status: otherThan(status) })),
  aboutAnswer('empty', 'is answered with an empty body', () => ({ text: '' })),
]

/** How a command ends, and what it prints. Never nothing: a script may make a path of it. */
export const OUTPUT: readonly Lie[] = [
  lieAbout({ name: 'code', words: 'exits with another code', isConstant: true }, (output, { matcher }) =>
    isRecord(output) && matcher === 'toExit' ? { ...output, code: output['code'] === 0 ? 1 : 0 } : undefined,
  ),
  lieAbout({ name: 'text', words: 'prints something else', isConstant: true }, (output) =>
    isRecord(output)
      ? { ...output, stdout: toDoubt(output['stdout']), stderr: toDoubt(output['stderr']) }
      : undefined,
  ),
]

/** Whether a service comes up. */
export const STARTUP: readonly Lie[] = [
  {
    name: 'up',
    words: 'succeeds',
    isConstant: true,
    tell: (truth) => ('error' in truth ? { value: undefined } : truth),
  },
]

/** How it is with a service. */
export const STATE: readonly Lie[] = [
  lieAbout({ name: 'other', words: 'is another', isConstant: true }, (state) =>
    state === 'running' ? 'stopped' : 'running',
  ),
]

/** A pid is missing or true: a script may send a signal to it. */
export const PID: readonly Lie[] = [MISSING]

/** The pids of a service's children. */
export const CHILDREN: readonly Lie[] = [
  lieAbout({ name: 'one', words: 'are one where there was none', isConstant: true }, (pids) =>
    Array.isArray(pids) && pids.length === 0 ? [NOBODY] : undefined,
  ),
  ...VALUE.filter(({ name }) => name === 'empty' || name === 'one missing'),
]

function aboutAnswer(name: string, words: string, make: (status: number) => Partial<Answer>): Lie {
  return lieAbout({ name, words, isConstant: name === 'nothing' }, (answer) => {
    if (!isAnswer(answer)) return undefined
    const { status, text, headers, milliseconds } = answer
    return createAnswer({ status, text, headers, milliseconds, ...make(status) })
  })
}

function isAnswer(value: unknown): value is Answer {
  return isRecord(value) && typeof value['status'] === 'number' && typeof value['text'] === 'string'
}

function otherThan(status: number): number {
  return status < 400 ? 500 : 200
}

function toDoubt(text: unknown): string {
  return text === '' ? 'doubt' : String(text).replaceAll(/[^\n]+/g, 'doubt')
}
