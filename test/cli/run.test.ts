import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Event, Kind } from '../../src/event.ts'
import { pidsOf, until } from '../service/until.ts'
import { fixture, runScript, type Script, startScript, story, type Told } from './script.ts'

// `shakedown run` with real scripts, each in its own process.

const COMMAND = 'src/cli/main.mts'

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Told> {
  return runScript(COMMAND, { args: ['run', ...words], env })
}

function start(words: readonly string[], env: Readonly<Record<string, string>> = {}): Script {
  return startScript(COMMAND, { args: ['run', ...words], env })
}

function of<K extends Kind>({ events }: Told, kind: K): readonly Extract<Event, { readonly kind: K }>[] {
  return events.filter((event) => event.kind === kind) as Extract<Event, { readonly kind: K }>[] // just filtered
}

function outcomes(told: Told): readonly string[] {
  return of(told, 'scenario:end')
    .map(({ title, outcome }) => `${title}: ${outcome}`)
    .sort()
}

function causes(told: Told): readonly string[] {
  return of(told, 'run:end').flatMap((event) => event.causes)
}

function createMark(): string {
  return `mark-${randomBytes(8).toString('hex')}`
}

function inStep(event: Event): boolean {
  return event.kind === 'step:start'
}

describe('several scripts', { concurrency: 2 }, () => {
  test('are one run: their events, their failures, one exit code', async () => {
    const told = await run([story('passes'), story('fails')])
    assert.equal(told.code, 1)
    assert.equal(told.runs, 1)
    assert.deepEqual(outcomes(told), [
      'a bird: passed',
      'a fish: failed',
      'a frog: passed',
      'a stone: passed',
    ])
    assert.deepEqual(causes(told), ['failed: a fish: not as expected: "silence"'])
    const ends = of(told, 'script:end').map(({ file, outcome, code }) => `${file} ${outcome} ${code}`)
    assert.deepEqual(ends.sort(), [`${story('fails')} failed 1`, `${story('passes')} passed 0`])
    assert.ok(of(told, 'scenario:start').every(({ script }) => script.startsWith('fixtures/stories/')))
  })

  test('keep what they compile from their first file on, and say so to nobody whom they start', async () => {
    const told = await run([story('tells_its_cache')], { NODE_COMPILE_CACHE: '' })
    const lines = of(told, 'log').map(({ line }) => line)
    assert.match(lines[0] ?? '', /^its own .*node_modules.\.cache.shakedown/)
    assert.equal(lines[1], 'of others undefined')
  })

  test('run one after the other with --workers 1', async () => {
    const told = await run([story('passes'), story('fails'), '--workers', '1'])
    const order = told.events.filter(({ kind }) => kind === 'script:start' || kind === 'script:end')
    assert.deepEqual(
      order.map(({ kind }) => kind),
      ['script:start', 'script:end', 'script:start', 'script:end'],
    )
  })

  test('may print: lines are told with the script that they are from', async () => {
    const told = await run([story('prints'), story('passes')])
    assert.equal(told.code, 0)
    const lines = of(told, 'log').map(({ script, service, stream, line }) => [script, service, stream, line])
    assert.deepEqual(lines.sort(), [
      [story('prints'), 'script', 'stderr', 'whispered'],
      [story('prints'), 'script', 'stdout', 'said aloud'],
    ])
  })

  test('the weightiest cause decides the exit code, and all are told', async () => {
    const told = await run([fixture('crosses_a_threshold'), fixture('step_takes_too_long'), story('fails')])
    assert.equal(told.code, 124)
    assert.deepEqual(
      causes(told).map((cause) => cause.split(':')[0]),
      ['deadline', 'failed', 'threshold'],
    )
  })

  test('a mistake in the wiring of one is told in the one format', async () => {
    const told = await run([fixture('wires_wrongly'), story('passes')])
    assert.equal(told.code, 2)
    assert.deepEqual(
      of(told, 'teardown:error').map(({ error }) => error.title),
      ['web.url is not known yet'],
    )
    assert.match(told.stdout, /web\.url is not known yet\n.* at {8}fixtures\/scripts\/wires_wrongly\.mts:5/)
    assert.doesNotMatch(told.stdout, /node:internal/)
    assert.deepEqual(outcomes(told), ['a bird: passed', 'a stone: passed'])
  })

  test('one that has no scenario proves nothing', async () => {
    const told = await run([story('has_no_scenario'), story('passes')])
    assert.equal(told.code, 2)
    assert.deepEqual(causes(told), [`usage: ${story('has_no_scenario')} has no scenario`])
  })

  test('one may leave itself out with 77, counted; in --ci only when that is allowed', async () => {
    const words = [story('leaves_itself_out'), story('passes')]
    assert.equal((await run(words)).code, 0)
    const strict = await run([...words, '--ci'])
    assert.equal(strict.code, 1)
    assert.match(causes(strict).join('\n'), /skipped without being allowed to: .*leaves_itself_out/)
    assert.equal((await run([...words, '--ci', '--allow-skip', 'leaves_itself_out'])).code, 0)
  })

  test('skips of one are judged by the command line', async () => {
    const words = [fixture('skips'), '--ci']
    assert.equal((await run(words)).code, 1)
    const allowed = ['GPU', 'Saturday', 'looked at', 'no-such-program'].flatMap((text) => [
      '--allow-skip',
      text,
    ])
    const told = await run([...words, ...allowed])
    assert.deepEqual(causes(told), [])
    assert.equal(told.code, 0)
  })

  test('one that crashes is named, its programs end with it', async () => {
    const mark = createMark()
    const told = await run([story('crashes'), story('passes')], { MARK: mark })
    assert.equal(told.code, 1)
    assert.deepEqual(causes(told), [`failed: ${story('crashes')} was ended by SIGSEGV`])
    assert.ok(outcomes(told).includes('a bird: passed'))
    await until('its program is gone', () => pidsOf(mark).length === 0)
  })

  test('one whose stdout somebody else still holds does not hold the run', async () => {
    const told = await run([story('leaves_its_stdout_to_a_child')])
    assert.equal(told.code, 0)
  })

  test('one may run another one by hand', async () => {
    const told = await run([story('runs_another')])
    assert.equal(told.code, 0, told.stdout)
    assert.deepEqual(outcomes(told), ['the outer one: passed'])
  })
})

describe('a run that is ended', { concurrency: 2 }, () => {
  test('by Ctrl-C lets every script stop in order', async () => {
    const mark = createMark()
    const script = start([story('waits'), story('passes')], { MARK: mark })
    await script.told('it waits', (event) => inStep(event) && event.script === story('waits'))
    script.signal('SIGINT')
    const told = await script.ended
    assert.equal(told.code, 130)
    assert.ok(outcomes(told).includes('a patient script: interrupted'))
    const [end] = of(told, 'scenario:end').filter(({ outcome }) => outcome === 'interrupted')
    assert.equal(end?.error?.title, 'interrupted by SIGINT')
    assert.ok(of(told, 'service:stopped').every(({ forced }) => !forced))
    assert.equal(of(told, 'service:stopped').length, 1)
    await until('its program is gone', () => pidsOf(mark).length === 0)
  })

  test('by SIGKILL takes the scripts and their programs with it', async () => {
    const mark = createMark()
    const script = start([story('waits')], { MARK: mark })
    await script.told('it waits', inStep)
    const [scriptPid] = (await readEvents(script)).flatMap((event) =>
      event.kind === 'script:start' ? [event.pid] : [],
    )
    assert.equal(pidsOf(mark).length, 1)
    script.signal('SIGKILL')
    await script.ended
    await until('its program is gone', () => pidsOf(mark).length === 0)
    await until('the script is gone', () => !pidsOf(story('waits')).includes(scriptPid ?? 0))
  })

  test('by --timeout says 124, and why', async () => {
    const mark = createMark()
    const told = await run([story('waits'), '--timeout', '3s'], { MARK: mark })
    assert.equal(told.code, 124)
    assert.equal(causes(told)[0], 'deadline: the run took longer than 3.0s')
    await until('its program is gone', () => pidsOf(mark).length === 0)
  })

  test('by --timeout ends by force a script that hears nothing', async () => {
    const told = await run([story('blocks'), '--timeout', '3s'])
    assert.equal(told.code, 124)
    assert.ok(
      causes(told).includes(`failed: ${story('blocks')} was ended by SIGKILL`),
      causes(told).join('\n'),
    )
  })
})

describe('the flags of a run', { concurrency: 2 }, () => {
  test('--only and --tag choose scenarios, whichever script they are in', async () => {
    const words = [story('passes'), story('fails')]
    assert.deepEqual(outcomes(await run([...words, '--only', 'STONE'])), ['a stone: passed'])
    assert.deepEqual(outcomes(await run([...words, '--tag', 'p0'])), ['a bird: passed'])
    assert.deepEqual(outcomes(await run([...words, '--tag', 'animal', '--only', 'frog'])), ['a frog: passed'])
  })

  test('a selection that names nothing is a mistake, with the nearest name', async () => {
    const words = [story('passes'), story('fails')]
    const tag = await run([...words, '--tag', 'animl'])
    assert.equal(tag.code, 2)
    assert.equal(tag.runs, 0)
    assert.match(tag.stderr, /no scenario has the tag animl\n.*did you mean animal\?/)
    const title = await run([...words, '--only', 'a brid'])
    assert.equal(title.code, 2)
    assert.match(title.stderr, /no scenario has "a brid" in its title\n.*did you mean "a bird"\?/)
  })

  test('--list shows scripts, scenarios and tags, and starts nothing', async () => {
    const told = await run([story('passes'), story('fails'), '--list'])
    assert.equal(told.code, 0)
    assert.equal(told.runs, 0)
    assert.equal(
      told.stdout,
      [
        'fixtures/stories/passes.mts',
        '  a bird   animal p0  fixtures/stories/passes.mts:4',
        '  a stone  mineral    fixtures/stories/passes.mts:7',
        'fixtures/stories/fails.mts',
        '  a fish  animal  fixtures/stories/fails.mts:4',
        '  a frog  animal  fixtures/stories/fails.mts:5',
        '',
      ].join('\n'),
    )
    const some = await run([story('passes'), story('fails'), '--list', '--tag', 'mineral'])
    assert.equal(
      some.stdout,
      'fixtures/stories/passes.mts\n  a stone  mineral  fixtures/stories/passes.mts:7\n',
    )
    assert.equal((await run([story('passes'), '--list', '--tag', 'x'])).code, 2)
    assert.equal((await run([fixture('wires_wrongly'), '--list'])).code, 2)
  })

  test('--repeat stops at the first failure; each round has its own results', async () => {
    const good = await run([story('passes'), '--repeat', '2'])
    assert.equal(good.code, 0)
    assert.equal(good.runs, 2)
    const bad = await run([story('fails'), '--repeat', '3'])
    assert.equal(bad.code, 1)
    assert.equal(bad.runs, 1)
  })

  test('--keep stays up until Enter', async () => {
    const script = start([story('passes'), '--keep', '--only', 'bird'])
    await script.told('it is kept up', (event) => event.kind === 'note' && /kept up/.test(event.text))
    script.type('\n')
    const told = await script.ended
    assert.equal(told.code, 0)
    assert.deepEqual(outcomes(told), ['a bird: passed'])
  })

  test('--keep goes on when nobody can press Enter any more', async () => {
    const script = start([story('passes'), '--keep'])
    script.closeInput()
    assert.equal((await script.ended).code, 0)
  })

  test('bad ones are refused before anything starts', async () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['--quik'], /unknown flag: --quik\n.*did you mean --quick\?/],
      [['--quick', '--ci'], /--quick and --ci do not go together/],
      [['--quick=1'], /--quick takes no value/],
      [['--timeout', '5'], /--timeout 5 is no duration/],
      [['--repeat', '0'], /--repeat 0\n.*a whole number/],
      [['--only'], /--only needs a value/],
      [['--reporter', 'jsno'], /unknown reporter: jsno\n.*did you mean json\?/],
      [['--only', 'a', '--only', 'b'], /--only is given twice/],
    ]
    for (const [flags, message] of cases) {
      const told = await run([story('passes'), ...flags])
      assert.equal(told.code, 2, flags.join(' '))
      assert.match(told.stderr, message)
      assert.equal(told.runs, 0)
    }
  })

  test('a script that is not there is named, with the nearest one', async () => {
    const told = await run(['fixtures/stories/passses.mts'])
    assert.equal(told.code, 2)
    assert.match(
      told.stderr,
      /there is no fixtures\/stories\/passses\.mts\n.*did you mean fixtures\/stories\/passes\.mts\?/,
    )
  })

  test('a folder for the results that cannot be written is exit code 3', async () => {
    const told = await run([story('passes'), '--results', '/dev/null/results'])
    assert.equal(told.code, 3)
    assert.match(told.stderr, /results cannot be written to \/dev\/null\/results\n.*\n.*--results DIR/)
  })

  test('an unknown mode of the environment is refused, too', async () => {
    const told = await run([story('passes')], { SHAKEDOWN_MODE: 'quik' })
    assert.equal(told.code, 2)
    assert.match(told.stderr, /unknown mode: quik\n.*did you mean quick\?/)
  })
})

async function readEvents(script: Script): Promise<readonly Event[]> {
  const events: Event[] = []
  await script.told('what it told', (event) => {
    events.push(event)
    return false || event.kind === 'step:start'
  })
  return events
}
