import type { Event, Outcome } from '../../event.ts'
import { type RunDraft, type ScriptDraft, scriptIn } from './draft.ts'

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
      Object.assign(run, { finished: true, exit: event.exit, causes: event.causes, seconds: event.seconds })
      for (const script of run.scripts) endOrphan(script)
      break
    case 'script:start':
      scriptIn(run, event.file, event.time)
      break
    case 'script:end': {
      const { outcome, code, signal, seconds } = event
      Object.assign(scriptIn(run, event.file, event.time), { finished: true, outcome, code, signal, seconds })
      break
    }
    case 'finding':
      run.findings.push(event)
      excuseClaim(run)
      break
    case 'leak':
      run.leaks.push(event)
      break
    case 'traffic:end':
      run.loads.push(event)
      break
    case 'teardown:error':
      run.teardownErrors.push(event)
      break
  }
}

function begin(run: RunDraft, event: Event & { kind: 'run:start' }): void {
  // Two logs that were joined are one run: the first one's machine, everybody's scripts.
  if (run.run !== '') return
  const { run: id, command, mode, machine, results, time } = event
  Object.assign(run, { run: id, command, mode, machine, results, began: time })
}

/** A finding is told right after the claim that it expects to be missed. */
function excuseClaim({ claims }: RunDraft): void {
  if (claims.missed === 0) return
  claims.missed -= 1
  claims.known += 1
}

/** A script that was run by hand has no events of its own: it ended with the run, the way its scenarios did. */
function endOrphan(script: ScriptDraft): void {
  if (script.finished) return
  const weights: readonly Outcome[] = ['failed', 'interrupted', 'passed', 'skipped']
  const outcomes = script.scenarios.map((scenario) => scenario.outcome)
  script.outcome = weights.find((outcome) => outcomes.includes(outcome)) ?? 'interrupted'
  script.finished = script.scenarios.every((scenario) => scenario.finished)
}
