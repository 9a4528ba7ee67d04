import { join, relative } from 'node:path'
import { type Context, runInContext } from '../context.ts'
import { Failure, ShakedownError, toError } from '../error.ts'
import { emit } from '../event.ts'
import { redact } from '../redact.ts'
import { Skip } from './skip.ts'

/** All services together may take this long, in milliseconds, to say how they are: teardown waits for it. */
const WITHIN = 3000
const LONGEST_TITLE = 40

/** A scenario that may have failed; `hurry` aborts when nobody wants to wait any more: Ctrl-C. */
export interface Failed {
  readonly id: string
  readonly title: string
  readonly hurry: AbortSignal
}

/**
 * Keeps evidence of a scenario that failed, before anything is stopped; told as an event. Not for what was skipped or
 * interrupted, and only in a run that keeps results. Never rejects.
 */
export async function keepEvidence(
  { id, title, hurry }: Failed,
  context: Context,
  [first]: readonly Error[],
): Promise<void> {
  const base = process.env['SHAKEDOWN_EVIDENCE']
  if (base === undefined || first === undefined || first instanceof Skip || isInterruption(first)) return
  const words =
    redact(title)
      .toLowerCase()
      .match(/[\p{Letter}\p{Number}]+/gu) ?? []
  const folder = join(base, [id, ...words].join('-').slice(0, LONGEST_TITLE).replace(/-$/, ''))
  const began = performance.now()
  try {
    const { gatherEvidence } = await import('../service/evidence.ts')
    const over = new AbortController()
    // A timer, not AbortSignal.timeout: a service that never answers must not let the process come to its end.
    const timer = setTimeout(() => over.abort(new Failure('no answer in time')), WITHIN)
    const signal = AbortSignal.any([over.signal, hurry])
    const { files, missing } = await runInContext({ ...context, signal }, () =>
      gatherEvidence(folder, signal),
    )
    clearTimeout(timer)
    const milliseconds = performance.now() - began
    runInContext(context, () =>
      emit({ kind: 'evidence', folder: shorten(folder), files, missing, milliseconds }),
    )
  } catch (error) {
    emit({
      kind: 'note',
      level: 'notice',
      text: `no evidence was kept of ${title}: ${toError(error).message}`,
    })
  }
}

function shorten(folder: string): string {
  const near = relative(process.cwd(), folder)
  return near.startsWith('..') ? folder : near
}

function isInterruption(error: Error): boolean {
  return error instanceof ShakedownError && error.code === 'interrupted'
}
