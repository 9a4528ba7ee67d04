const RUN: readonly string[] = []
const SCENARIO = ['script', 'scenario'] as const
const STEP = ['script', 'scenario', 'step'] as const
const SERVICE = ['script', 'service'] as const
const OUTCOME = ['outcome'] as const

/** The metrics of a run, without the `shakedown_` in front: what each says, and its labels. */
export const METRICS = {
  run_info: { help: 'What ran, in its labels. Always 1.', labels: ['mode', 'system', 'node'] },
  run_start_timestamp_seconds: { help: 'When the run began, since 1970.', labels: RUN },
  run_duration_seconds: { help: 'How long the run took.', labels: RUN },
  run_finished: { help: '0 for a run that ended abruptly, else 1.', labels: RUN },
  run_exit_code: { help: 'The exit code of the run. Missing for one that ended abruptly.', labels: RUN },
  scenarios: { help: 'Scenarios by outcome.', labels: OUTCOME },
  steps: { help: 'Steps by outcome.', labels: OUTCOME },
  requirements: { help: 'Requirements that steps say they prove, by outcome.', labels: OUTCOME },
  claims: { help: 'Claims that were met, missed, or missed as a known finding expects.', labels: OUTCOME },
  looks_repeated: { help: 'Looks beyond the first one of each claim.', labels: RUN },
  wait_duration_seconds: { help: 'Time that claims waited until they held, summed.', labels: RUN },
  findings: { help: 'Known misbehaviour that was met as described.', labels: RUN },
  skips: { help: 'Scenarios and steps that were left out.', labels: RUN },
  leaks: { help: 'What was left behind.', labels: RUN },
  load_requests: { help: 'Requests of all loads.', labels: RUN },
  load_errors: { help: 'Requests of all loads that failed.', labels: RUN },
  load_late: { help: 'Requests of all loads that were sent late.', labels: RUN },
  scenario_duration_seconds: {
    help: 'How long a scenario took, teardown included.',
    labels: [...SCENARIO, ...OUTCOME],
  },
  step_duration_seconds: {
    help: 'How long a step took, inner steps included.',
    labels: [...STEP, ...OUTCOME],
  },
  step_wait_duration_seconds: { help: 'Time that claims of a step waited until they held.', labels: STEP },
  step_claims: { help: 'Claims made in a step.', labels: STEP },
  step_looks_repeated: { help: 'Looks beyond the first one of each claim in a step.', labels: STEP },
  service_starts: { help: 'How often a service was started.', labels: SERVICE },
  service_boot_duration_seconds: {
    help: 'Time until a service was ready, summed over its starts.',
    labels: SERVICE,
  },
  service_stop_duration_seconds: {
    help: 'Time until a service had stopped, summed over its stops.',
    labels: SERVICE,
  },
  service_forced_stops: { help: 'How often a service had to be killed.', labels: SERVICE },
} as const

/** A metric's name without the `shakedown_` in front. */
export type MetricName = keyof typeof METRICS
