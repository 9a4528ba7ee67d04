import { createRequire } from 'node:module'
import type * as promClient from 'prom-client'
import type { Outcome } from '../event.ts'
import { cleanText, toOneLine } from './clean.ts'
import { METRICS, type MetricName } from './metric-table.ts'
import { requirementsOf } from './requirements.ts'
import { type Part, type RunResult, scenariosOf, servicesOf, stepsOf } from './result.ts'
import type { Told } from './told.ts'

/**
 * `metrics.prom`: the run itself as metrics in the classic text format, for node_exporter's textfile collector or a push.
 * All are gauges: they say how the last run was. Steps beyond the first 500 are summed under `step="others"`.
 */
export async function renderMetrics({ result }: Told): Promise<string> {
  const { Gauge, Registry } = loadPromClient()
  const registry = new Registry()
  const gauges = new Map<string, promClient.Gauge<string>>()
  setRun(result, (name, value, labels = {}) => {
    // Made when it is first set: a gauge without labels is 0 from the beginning, and 0 is an exit code.
    const { help, labels: names } = METRICS[name]
    const options = { name: `shakedown_${name}`, help, labelNames: [...names], registers: [registry] }
    const gauge = gauges.get(name) ?? new Gauge(options)
    gauges.set(name, gauge)
    gauge.inc(labels, value)
  })
  return registry.metrics()
}

type Labels = Readonly<Record<string, string>>
type Set = (name: MetricName, value: number, labels?: Labels) => void

const STEPS = 500
const LONGEST_LABEL = 120
const OUTCOMES: readonly Outcome[] = ['passed', 'failed', 'skipped', 'interrupted']

/** Two of its parts. Its index loads what watches a process, too, and the OpenTelemetry API: 90 files more. */
function loadPromClient(): Pick<typeof promClient, 'Gauge' | 'Registry'> {
  const require = createRequire(import.meta.url)
  return { Gauge: require('prom-client/lib/gauge.js'), Registry: require('prom-client/lib/registry.js') }
}

function setRun(result: RunResult, set: Set): void {
  set('run_start_timestamp_seconds', result.began / 1000)
  set('run_duration_seconds', result.seconds)
  set('run_finished', result.finished ? 1 : 0)
  if (result.exit !== undefined) set('run_exit_code', result.exit)
  set('run_info', 1, {
    mode: String(result.mode['name'] ?? ''),
    system: String(result.machine['system'] ?? ''),
    node: String(result.machine['node'] ?? ''),
  })
  set('findings', result.findings.length)
  set('skips', result.skipped.length)
  set('leaks', result.leaks.length)
  setCounts(result, set)
  setTraffic(result, set)
  for (const scenario of scenariosOf(result)) setScenario(scenario, set)
  setSteps(result, set)
  setServices(result, set)
}

function setCounts(result: RunResult, set: Set): void {
  const scenarios = scenariosOf(result)
  const steps = stepsOf(scenarios)
  const requirements = [...requirementsOf(result).values()]
  const amount = (parts: readonly { readonly outcome: Outcome }[], outcome: Outcome) =>
    parts.filter((part) => part.outcome === outcome).length
  for (const outcome of OUTCOMES) {
    set('scenarios', amount(scenarios, outcome), { outcome })
    set('steps', amount(steps, outcome), { outcome })
    set('requirements', amount(requirements, outcome), { outcome })
  }
  const { met, missed, known, looks, milliseconds } = result.claims
  set('claims', met, { outcome: 'met' })
  set('claims', missed, { outcome: 'missed' })
  set('claims', known, { outcome: 'known' })
  set('looks_repeated', Math.max(0, looks - met - missed - known))
  set('wait_duration_seconds', milliseconds / 1000)
}

function setTraffic(result: RunResult, set: Set): void {
  for (const { total, errors, late } of result.loads) {
    set('load_requests', total)
    set('load_errors', errors)
    set('load_late', late)
  }
}

function setScenario(scenario: Part, set: Set): void {
  const labels = { script: label(scenario.script), scenario: label(scenario.title) }
  set('scenario_duration_seconds', scenario.seconds, { ...labels, outcome: scenario.outcome })
}

function setSteps(result: RunResult, set: Set): void {
  const known = new Set<string>()
  for (const { script, path, outcome, seconds, waited, claims, looks } of stepsOf(scenariosOf(result))) {
    const [scenario = '', ...steps] = path
    const name = steps.join(' › ')
    const key = [script, scenario, name].join('\n')
    if (known.size < STEPS) known.add(key)
    const labels = known.has(key)
      ? { script: label(script), scenario: label(scenario), step: label(name) }
      : { script: 'others', scenario: 'others', step: 'others' }
    set('step_duration_seconds', seconds, { ...labels, outcome })
    set('step_wait_duration_seconds', waited / 1000, labels)
    set('step_claims', claims, labels)
    set('step_looks_repeated', Math.max(0, looks - claims), labels)
  }
}

function setServices(result: RunResult, set: Set): void {
  for (const { script, service, began, ready, stopping, stopped, forced } of servicesOf(result)) {
    const labels = { script: label(script), service: label(service) }
    set('service_starts', 1, labels)
    set('service_forced_stops', forced ? 1 : 0, labels)
    if (ready !== undefined) set('service_boot_duration_seconds', (ready - began) / 1000, labels)
    if (stopping === undefined || stopped === undefined) continue
    set('service_stop_duration_seconds', (stopped - stopping) / 1000, labels)
  }
}

/** A title as the value of a label: one line, bounded. */
function label(text: string): string {
  const line = toOneLine(cleanText(text))
  return line.length <= LONGEST_LABEL ? line : `${line.slice(0, LONGEST_LABEL - 3)}...`
}
