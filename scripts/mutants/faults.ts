import type { Fault, Shown } from './fault.ts'

const REDIS = ['redis'] as const
const APPS = ['redis', 'files'] as const
const FILES = ['files'] as const
const YAML = ['yaml'] as const

/** Every fault that the main job is tried with. A new one is a file in fixtures/faults and its name here. */
export const FAULTS: readonly Fault[] = [
  ...inExporter('time to live', REDIS, [
    'keys_never_expire',
    'keys_live_ten_times_too_long',
    'keys_live_ten_times_too_short',
    'only_metric_keys_expire',
    'ttl_is_set_once',
    'ttl_is_a_random_one',
    'keys_are_deleted_at_exit',
    'a_scrape_renews_the_ttl',
  ]),
  ...inExporter('time to live', YAML, ['ttl_cannot_be_switched_off']),
  ...inExporter('counters', APPS, [
    'counter_is_stuck_at_one',
    'requests_count_twice',
    'only_successes_count',
    'only_one_worker_counts',
    'counts_are_lost_on_hup',
    'counter_goes_down_once',
    'one_request_in_fifty_is_lost',
    'errors_count_twice',
    'slow_requests_are_not_counted',
    'scrapes_count_as_requests',
    'counts_arrive_three_seconds_late',
    'crashed_requests_count',
    'hup_counts_twice',
    'signals_are_not_counted',
  ]),
  ...inExporter('labels and names', APPS, [
    'all_workers_have_one_id',
    'usr1_counts_as_usr2',
    'a_label_has_endless_values',
    'worker_id_changes_with_each_request',
    'replacement_takes_the_id_of_the_dead',
    'pid_is_that_of_the_master',
    'a_metric_is_renamed',
    'a_counter_says_that_it_is_a_gauge',
    'a_family_has_the_help_of_another',
    'a_family_is_no_longer_declared',
    'a_secret_is_a_label',
  ]),
  ...inExporter('histogram', APPS, [
    'buckets_are_not_cumulative',
    'infinite_bucket_is_not_the_count',
    'durations_add_up_in_milliseconds',
    'a_bucket_is_missing',
    'durations_go_to_another_worker',
    'bucket_bounds_have_changed',
    'infinite_bucket_is_missing',
    'durations_are_nearly_zero',
    'durations_are_a_tenth_too_long',
    'values_are_rounded',
  ]),
  ...inExporter('gauges', APPS, [
    'memory_is_zero',
    'cpu_is_missing',
    'uptime_is_frozen',
    'memory_is_in_kilobytes',
    'uptime_is_that_of_the_master',
    'cpu_is_not_a_number',
    'state_is_stopped',
  ]),
  ...inExporter('gauges', REDIS, ['gauges_of_the_dead_stay', 'nobody_says_that_it_quits']),
  ...inExporter('page', APPS, [
    'every_other_scrape_fails',
    'page_has_the_wrong_type',
    'page_is_cut',
    'a_sample_stands_twice',
    'help_is_missing',
    'scrape_takes_three_seconds',
    'page_is_yesterdays',
    'page_is_five_seconds_old',
    'a_worker_is_missing_now_and_then',
    'page_is_not_utf8',
    'page_has_windows_line_ends',
    'quotes_are_not_escaped',
    'metrics_server_dies_after_twenty_scrapes',
    'collectors_pile_up',
  ]),
  ...inExporter('processes', APPS, [
    'second_worker_never_starts',
    'a_worker_dies_every_two_seconds',
    'term_is_ignored',
    'metrics_come_from_another_program',
    'hup_leaves_an_old_worker',
    'ttin_is_counted_and_not_done',
    'ttou_takes_two_workers',
    'usr1_restarts_the_workers',
    'a_process_is_left_behind',
    'stop_ends_with_an_error',
    'stop_takes_eight_seconds',
    'metrics_are_open_to_the_network',
    'a_debug_port_is_open',
  ]),
  ...inExporter('processes', REDIS, ['stop_drops_accepted_requests']),
  ...inExporter('processes', FILES, ['a_dead_worker_is_not_replaced']),
  ...inExporter('cost', APPS, [
    'an_idle_worker_burns_the_processor',
    'each_request_keeps_a_megabyte',
    'each_request_prints_a_traceback',
    'every_request_takes_half_a_second_longer',
    'errors_are_answered_with_200',
    'answers_are_cut',
  ]),
  ...inExporter('cost', REDIS, ['each_request_keeps_a_connection']),
  ...inExporter('Redis', REDIS, [
    'prefix_is_ignored',
    'database_is_ignored',
    'files_instead_of_redis',
    'a_hash_field_is_missing',
    'values_have_a_comma',
    'keys_of_another_application',
    'database_is_flushed_at_start',
    'database_is_flushed_at_exit',
    'redis_outage_fails_requests',
    'redis_is_given_up_after_an_outage',
    'keys_are_found_with_keys',
    'notes_without_a_ttl_are_left',
    'digests_are_of_something_else',
    'times_are_an_hour_old',
  ]),
  ...inProgram('redis-server', [
    'redis_drops_keys_when_it_is_full',
    'redis_allows_three_clients',
    'redis_does_not_know_expire',
  ]),
  ...inExporter('files', FILES, [
    'files_are_shared_by_all_runs',
    'files_of_the_dead_are_removed',
    'files_are_removed_at_exit',
  ]),
  ...inExporter('configuration', YAML, [
    'the_yaml_file_wins',
    'a_broken_configuration_is_accepted',
    'a_broken_configuration_ends_with_success',
    'a_refusal_gives_no_reason',
  ]),
  ...byGunicorn({
    workers_end_after_three_requests: {
      words: '--max-requests 3',
      about: 'Every worker ends itself after three requests: processes come and go, series pile up.',
    },
    workers_are_plain_ones: {
      words: '--worker-class sync',
      about: "The exporter's worker class is not used: the application works, and nothing is counted.",
    },
    longer_requests_are_refused: {
      words: '--limit-request-line 24',
      about: 'A request line of more than 24 characters is refused with 400.',
    },
    gunicorn_goes_to_the_background: {
      words: '--daemon',
      about: 'gunicorn leaves its terminal and its process group: who started it sees it end at once.',
    },
  }),
  ...inProgram('prometheus', [
    'prometheus_scrapes_the_wrong_port',
    'prometheus_scrapes_only_once',
    'prometheus_drops_the_worker',
    'prometheus_scrapes_twice',
    'prometheus_scrapes_ten_times_too_rarely',
    'prometheus_takes_no_page_of_this_size',
    'prometheus_drops_the_histogram',
    'prometheus_uses_tls_for_a_plain_port',
  ]),
  ...inExporter('Prometheus', REDIS, ['clock_is_an_hour_off']),
]

function inExporter(group: string, shown: readonly Shown[], names: readonly string[]): readonly Fault[] {
  return names.map((name) => ({ name, group, way: 'exporter', shown }))
}

function inProgram(way: 'prometheus' | 'redis-server', names: readonly string[]): readonly Fault[] {
  const group = way === 'prometheus' ? 'Prometheus' : 'Redis'
  return names.map((name) => ({ name, group, way, shown: REDIS }))
}

function byGunicorn(
  settings: Readonly<Record<string, { readonly words: string; readonly about: string }>>,
): readonly Fault[] {
  return Object.entries(settings).map(([name, { words, about }]) => {
    const env = { GUNICORN_CMD_ARGS: words }
    return { name, group: 'gunicorn', way: 'variable', shown: APPS, about, env }
  })
}
