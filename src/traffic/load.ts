import { checkPlan, type Plan } from './plan.ts'
import { renderRequest } from './render.ts'
import { beginRun } from './run.ts'
import type { Sent } from './sent.ts'

/**
 * Sends the requests of a plan and resolves with what became of them, when all answers have come, failed, or the
 * patience is used up. No request is sent twice, whatever happens to it. Rejects with a UsageError for a plan that
 * cannot be carried out, with the signal's reason when it is aborted, and with what `onProgress` throws; all
 * connections are closed by then in each case.
 */
export async function generateLoad(plan: Plan): Promise<Sent> {
  checkPlan(plan)
  const requests = plan.requests.map((request) => renderRequest(request, plan.target))
  plan.signal?.throwIfAborted()
  const run = beginRun(plan, requests)
  const stop = () => run.stop(plan.signal?.reason)
  plan.signal?.addEventListener('abort', stop)
  try {
    await run.ended
  } finally {
    plan.signal?.removeEventListener('abort', stop)
    await run.close()
  }
  return run.result()
}
