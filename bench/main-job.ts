import { join } from 'node:path'
import type { Event } from '../src/event.ts'
import {
  median,
  PROJECT,
  type Row,
  readLatest,
  showSpread,
  tell,
  timeCommand,
  withFolder,
} from './measure.ts'

/** Measured with the original on a machine of the same kind, not in this run: seconds. */
const ORIGINAL = { quick: 77, full: 98 } as const
/** The time to live of the documents: full mode can be no shorter. */
const TTL = 30

interface Job {
  readonly seconds: number
  readonly passed: boolean
  /** What the services need by themselves: seconds. */
  readonly path: number
  readonly chain: string
}

/** Quick mode in seconds, and against what its services need by themselves. */
export async function measureQuick(runs: number, firstScrape: number): Promise<readonly Row[]> {
  const jobs = await runJobs('quick', runs, firstScrape)
  const note = `${showOutcome(jobs)}; the longest of the services: ${jobs.at(-1)?.chain}`
  return [
    {
      what: '`./system_test.mts --quick`',
      measured: showSpread(secondsOf(jobs), ' s'),
      goal: '≤ 7.5 s with Prometheus 2.x, ≤ 4.5 s from 3.12 on',
      note: `${showOutcome(jobs)}; the bash original: ${ORIGINAL.quick} s`,
    },
    {
      what: 'quick mode : critical path of its services',
      measured: showSpread(
        jobs.map(({ seconds, path }) => seconds / path),
        '×',
        2,
      ),
      goal: '≤ 1.15×',
      note,
    },
  ]
}

/** Full mode, beside the time to live that it has to wait for. */
export async function measureFull(runs: number, firstScrape: number): Promise<readonly Row[]> {
  const jobs = await runJobs('full', runs, firstScrape)
  return [
    {
      what: '`./system_test.mts --full`',
      measured: showSpread(secondsOf(jobs), ' s'),
      goal: `≤ ${TTL + 10} s (time to live + 10 s)`,
      note: `${showOutcome(jobs)}; the bash original: ${ORIGINAL.full} s`,
    },
  ]
}

async function runJobs(mode: 'quick' | 'full', runs: number, firstScrape: number): Promise<readonly Job[]> {
  const jobs: Job[] = []
  for (let run = 0; run < runs; run += 1) {
    const job = await withFolder((folder) => runJob(mode, folder, firstScrape))
    tell(
      `${mode} ${run + 1}: ${job.seconds.toFixed(1)} s, ${job.passed ? 'green' : 'red'}; services ${job.chain}`,
    )
    jobs.push(job)
  }
  return jobs
}

async function runJob(mode: string, folder: string, firstScrape: number): Promise<Job> {
  const { seconds, code, output } = await timeCommand(
    join(PROJECT, 'system_test.mts'),
    `--${mode}`,
    '--results',
    folder,
  )
  // A failure or a crossed threshold is counted; whatever else it is, it was no run.
  if (code !== 0 && code !== 1 && code !== 99) throw new Error(`the main job ended with ${code}:\n${output}`)
  const events = await readLatest(folder)
  return { seconds, passed: code === 0, ...pathOf(events, { mode, firstScrape }) }
}

/**
 * What the services need by themselves: Prometheus to its first scrape, or the application that expiry is proven with from
 * the launch of its Redis through its time to live; and to that the slowest stop.
 */
function pathOf(
  events: readonly Event[],
  { mode, firstScrape }: { readonly mode: string; readonly firstScrape: number },
): Pick<Job, 'path' | 'chain'> {
  const ttl = mode === 'quick' ? 2 : TTL
  const boot = bootOf(events, 'short-redis') + bootOf(events, 'short-lived')
  const stops = events.flatMap((event) =>
    event.kind === 'service:stopped' ? [event.milliseconds / 1000] : [],
  )
  const stop = median(stops)
  const paths = [
    { path: firstScrape + stop, chain: `Prometheus ${show(firstScrape)}, stop ${show(stop)}` },
    {
      path: boot + ttl + stop,
      chain: `Redis and gunicorn ${show(boot)}, time to live ${ttl} s, stop ${show(stop)}`,
    },
  ]
  return paths.reduce((longest, one) => (one.path > longest.path ? one : longest))
}

/** Seconds from the first launch of a service to its readiness. */
function bootOf(events: readonly Event[], service: string): number {
  for (const event of events) {
    if (event.kind === 'service:ready' && event.service === service) return event.milliseconds / 1000
  }
  return 0
}

function secondsOf(jobs: readonly Job[]): readonly number[] {
  return jobs.map(({ seconds }) => seconds)
}

function showOutcome(jobs: readonly Job[]): string {
  return `${jobs.filter(({ passed }) => passed).length} of ${jobs.length} green`
}

function show(seconds: number): string {
  return `${seconds.toFixed(1)} s`
}
