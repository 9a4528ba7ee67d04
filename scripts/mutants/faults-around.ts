import type { Fault } from './fault.ts'
import { byGunicorn, inExporter, inProgram } from './groups.ts'

const REDIS = ['redis'] as const
const APPS = ['redis', 'files'] as const
const FILES = ['files'] as const
const YAML = ['yaml'] as const

/** Faults of what is around the metrics: what requests cost, Redis, files, configuration, gunicorn's settings, Prometheus. */
export const FAULTS_AROUND: readonly Fault[] = [
  ...inExporter('cost', APPS, [
    'an_idle_worker_burns_the_processor',
    'each_request_keeps_a_megabyte',
    'each_request_prints_a_traceback',
    'every_request_takes_half_a_second_longer',
    'errors_are_answered_with_200',
    'answers_are_cut',
    'large_answers_are_cut',
    'headers_of_the_application_are_lost',
    'each_scrape_keeps_a_file_open',
    'each_scrape_leaves_a_thread',
    'each_scrape_keeps_two_megabytes',
    'requests_compute_a_tenth_of_a_second',
    'a_cookie_is_added',
    'failures_have_no_body',
    'failures_wait_half_a_second',
    'headers_of_the_client_are_lost',
    'puts_and_deletes_are_not_counted',
    'server_says_its_version',
    'each_start_leaves_a_folder',
    'each_request_is_kept_in_a_file',
    'a_start_prints_a_traceback',
    'errors_of_the_application_are_swallowed',
  ]),
  ...inExporter('cost', REDIS, ['each_request_keeps_a_connection', 'gauges_are_written_twenty_times']),
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
    'keys_have_no_separator',
    'keys_say_another_mode',
    'the_last_requests_are_lost_at_the_end',
  ]),
  ...inProgram('redis-server', [
    'redis_drops_keys_when_it_is_full',
    'redis_allows_three_clients',
    'redis_does_not_know_expire',
    'redis_is_a_replica_of_nobody',
  ]),
  ...inExporter('files', FILES, [
    'files_are_shared_by_all_runs',
    'files_of_the_dead_are_removed',
    'files_are_removed_at_exit',
    'files_may_be_written_by_everybody',
  ]),
  ...inExporter('configuration', YAML, [
    'the_yaml_file_wins',
    'a_broken_configuration_is_accepted',
    'a_broken_configuration_ends_with_success',
    'a_refusal_gives_no_reason',
    'the_redis_section_of_the_file_is_ignored',
    'the_prefix_of_the_file_is_ignored',
    'the_ttl_of_the_file_is_ignored',
    'the_address_of_the_file_is_ignored',
    'the_port_of_the_file_is_ignored',
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
    gunicorn_logs_nothing: {
      words: '--error-logfile /dev/null',
      about: 'What gunicorn says is lost: nobody knows which worker came, went or was killed.',
    },
    gunicorn_logs_every_request: {
      words: '--access-logfile -',
      about: 'Every request is a line in the log: what is wrong drowns in it, and the disk fills up.',
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
    'prometheus_renames_the_job',
    'prometheus_rewrites_the_instance',
    'prometheus_drops_the_gauges',
    'prometheus_gives_up_after_a_millisecond',
  ]),
  ...inExporter('Prometheus', REDIS, ['clock_is_an_hour_off']),
]
