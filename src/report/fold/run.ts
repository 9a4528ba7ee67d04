import type { Event, EventOf, Outcome } from '../../event.ts'
import { weightOfExit } from '../../run/exit.ts'
import { type RunDraft, type ScriptDraft, scriptIn } from './draft.ts'

const WEIGHTS: readonly Outcome[] = ['failed', 'interrupted', 'passed', 'skipped']

/** Folds what belongs to the run as a whole, and when its scripts began and ended. */
export function foldRun(run: RunDraft, event: Event): void {
  if (run.began === 0) run.began = event.time
  run.lastEvent = Math.max(run.lastEvent, event.time)
  if (!run.finished) run.seconds = (run.lastEvent - run.began) / 1000
  const script = run.scripts.find(({ file }) => file === event.script)
  if (script?.finished === false) script.seconds = (event.time - script.began) / 1000
  switch (event.kind) {
    case 'run:start':
      begin(run, event)
      break
    case 'run:end':
      endRun(run, event)
      for (const script of run.scripts) endOrphan(script)
      break
    case 'script:start':
      scriptIn(run, event.file, event.time)
      break
    case 'script:end':
      endScript(scriptIn(run, event.file, event.time), event)
      break
    case 'finding':
      run.findings.push(event)
      excuseClaims(run, event)
      break
    default:
      keep(run, event)
  }
}

/** What is kept as it is. */
function keep(run: RunDraft, event: Event): void {
  switch (event.kind) {
    case 'leak':
      run.leaks.push(event)
      break
    case 'evidence':
      run.kept.push(event)
      break
    case 'leak:check':
      run.leakChecks += 1
      break
    case 'traffic:end':
      run.loads.push(event)
      break
    case 'doubt:end':
      run.doubted = event
      break
    case 'teardown:error':
      run.teardownErrors.push(event)
      break
  }
}

/** Logs that were joined are one run: the first one's machine, everybody's scripts. It is over when all of them are. */
function begin(run: RunDraft, event: EventOf<'run:start'>): void {
  run.ledger.begun += 1
  run.finished = false
  run.began = Math.min(run.began, event.time)
  if (run.run !== '') return
  const { run: id, command, mode, machine, results, time } = event
  Object.assign(run, { run: id, command, mode, machine, results, began: time })
}

/** Of several parts the weightiest exit code counts, and the time from the first beginning to the last end. */
function endRun(run: RunDraft, { exit, causes, seconds, time }: EventOf<'run:end'>): void {
  run.ledger.ended += 1
  const isFirst = run.ledger.ended === 1
  run.exit = isFirst || weightOfExit(exit) < weightOfExit(run.exit ?? 0) ? exit : run.exit
  run.causes = [...new Set([...run.causes, ...causes])]
  run.seconds = isFirst && run.ledger.begun < 2 ? seconds : (Math.max(run.lastEvent, time) - run.began) / 1000
  run.finished = run.ledger.ended >= run.ledger.begun
}

/** A script of which several parts ran scenarios failed when one of them did. */
function endScript(script: ScriptDraft, { outcome, code, signal, seconds }: EventOf<'script:end'>): void {
  const isWorse = !script.finished || WEIGHTS.indexOf(outcome) < WEIGHTS.indexOf(script.outcome)
  if (isWorse) Object.assign(script, { outcome, code, signal })
  script.seconds = script.finished ? script.seconds + seconds : seconds
  script.finished = true
}

/** What a known finding expects to be missed is no miss. */
function excuseClaims({ claims, ledger }: RunDraft, { script, id }: EventOf<'finding'>): void {
  const key = `${script}\n${id}`
  const amount = ledger.missed.get(key) ?? 0
  ledger.missed.delete(key)
  claims.missed -= amount
  claims.known += amount
}

/** A script that was run by hand has no events of its own: it ended with the run, the way its scenarios did. */
function endOrphan(script: ScriptDraft): void {
  if (script.finished) return
  const outcomes = script.scenarios.map((scenario) => scenario.outcome)
  script.outcome = WEIGHTS.find((outcome) => outcomes.includes(outcome)) ?? 'interrupted'
  script.finished = script.scenarios.every((scenario) => scenario.finished)
}
