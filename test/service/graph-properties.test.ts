import './own-state.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Context, runInContext } from '../../src/context.ts'
import { HOST } from '../../src/reference.ts'
import { Scope } from '../../src/scope.ts'
import type { Driver, Exit } from '../../src/service/driver.ts'
import { createProgram, type Program } from '../../src/service/program.ts'
import { start } from '../../src/service/start.ts'

/** How one service behaves, and whom it needs: numbers of earlier ones. */
interface Behaviour {
  readonly needs: readonly number[]
  readonly lease: 'gives' | 'refuses'
  readonly launch: 'runs' | 'cannot start' | 'dies' | 'is never ready'
  readonly stop: 'ends' | 'ends unclean' | 'ignores TERM'
}

/** What happened, in order: `leased 3`, `stopped 3`, `released 3`. */
type Story = string[]

const behaviour = (index: number): fc.Arbitrary<Behaviour> =>
  fc.record({
    needs: index === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat({ max: index - 1 }), { maxLength: 3 }),
    lease: often('gives', 'refuses'),
    launch: often('runs', 'cannot start', 'dies', 'is never ready'),
    stop: often('ends', 'ends unclean', 'ignores TERM'),
  })

/** Mostly the first. */
function often<T>(usual: T, ...rare: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom(...rare) },
  )
}

const graphs = fc
  .integer({ min: 1, max: 7 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) => behaviour(index))))
/** After so many turns of the loop the scenario is over; a large one is never reached before its end. */
const moments = fc.oneof(fc.nat({ max: 60 }), fc.constant(Number.POSITIVE_INFINITY))

test('whatever fails or is interrupted, everything whose set-up began is undone once, after those that use it', async () => {
  await fc.assert(
    fc.asyncProperty(graphs, moments, async (behaviours, moment) => {
      const story: Story = []
      const programs = createPrograms(behaviours, story)
      const scope = new Scope()
      const starting = runInContext(contextOf(scope), () => start(...programs))
      await Promise.race([starting.catch(() => {}), turns(moment)])
      const errors = await scope.unwind(60_000)
      await starting.catch(() => {})
      assert.deepEqual(
        errors.filter(({ error }) => !/did not end cleanly/.test(error.message)),
        [],
      )
      checkUndone(story, behaviours)
    }),
    { numRuns: 300 },
  )
})

function checkUndone(story: Story, behaviours: readonly Behaviour[]): void {
  const at = (what: string) => story.indexOf(what)
  for (const [index, { needs }] of behaviours.entries()) {
    const count = (what: string) => story.filter((line) => line === `${what} ${index}`).length
    assert.equal(count('released'), count('leased'), story.join())
    assert.equal(count('gone'), count('launched'), story.join())
    assert.ok(count('leased') <= 1 && count('launched') <= 1, story.join())
    if (count('launched') === 1) assert.ok(at(`gone ${index}`) < at(`released ${index}`), story.join())
    for (const needed of needs) {
      if (at(`launched ${index}`) < 0) continue
      assert.ok(at(`launched ${needed}`) < at(`launched ${index}`), story.join())
      // One that died by itself was not stopped too early by anybody.
      if (at(`asked ${needed}`) >= 0) assert.ok(at(`gone ${index}`) < at(`asked ${needed}`), story.join())
    }
  }
}

function createPrograms(behaviours: readonly Behaviour[], story: Story): readonly Program[] {
  const programs: Program[] = []
  for (const [index, one] of behaviours.entries()) {
    const made = createProgram({
      name: `service-${index}`,
      run: ['serve'],
      port: 'none',
      ready: { check: async () => (one.launch === 'is never ready' ? 'not yet' : true) },
      within: '30ms',
      stop: { within: '20ms' },
      needs: one.needs.flatMap((needed) => programs[needed] ?? []),
      driver: createDriver(index, one, story),
    })
    programs.push(made)
  }
  return programs
}

/** Brings nothing to life but a story. */
function createDriver(index: number, behaves: Behaviour, story: Story): Driver {
  return {
    name: 'story',
    viewer: HOST,
    capabilities: new Set(),
    async lease() {
      await turns(index % 3)
      if (behaves.lease === 'refuses') throw new Error('no room')
      story.push(`leased ${index}`)
      const lease = {
        host: 'nowhere',
        ports: {},
        dir: '/nowhere',
        addressFor: () => undefined,
        exchange: async () => lease,
        release: async () => {
          story.push(`released ${index}`)
        },
      }
      return lease
    },
    async launch() {
      await turns(index % 4)
      if (behaves.launch === 'cannot start') throw new Error('no such program')
      story.push(`launched ${index}`)
      return live(index, behaves, story)
    },
  }
}

function live(index: number, behaves: Behaviour, story: Story): Awaited<ReturnType<Driver['launch']>> {
  const { promise: exited, resolve } = Promise.withResolvers<Exit>()
  let isGone = false
  const end = (exit: Exit) => {
    if (isGone) return
    isGone = true
    story.push(`gone ${index}`)
    resolve(exit)
  }
  if (behaves.launch === 'dies') void turns(2).then(() => end({ code: 1, signal: null }))
  return {
    exited,
    signal(signal) {
      if (isGone) return false
      story.push(`asked ${index}`)
      if (signal === 'SIGKILL') end({ code: null, signal })
      else if (behaves.stop !== 'ignores TERM')
        void turns(3).then(() => end({ code: behaves.stop === 'ends' ? 0 : 5, signal: null }))
      return true
    },
    usage: async () => ({ cpu: 0, rss: 0 }),
    children: async () => [],
    listener: async () => ({ whose: 'unknown' }),
    sweep: async () => [],
    killNow: () => end({ code: null, signal: 'SIGKILL' }),
  }
}

async function turns(count: number): Promise<void> {
  if (count === Number.POSITIVE_INFINITY) return new Promise(() => {})
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

function contextOf(scope: Scope): Context {
  return {
    scenario: '1',
    signal: new AbortController().signal,
    own: (what, teardown) => scope.own(what, teardown),
    owe: () => {},
    countClaim: () => {},
    fail: () => {},
    workdir: () => '',
  }
}
