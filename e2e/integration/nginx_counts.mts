#!/usr/bin/env -S sh -c 'exec "$(dirname "$0")/../../scripts/node" "$0" "$@"'
// Two programs that the project knows nothing of: nginx, and an exporter that asks it for its status.
import { at, atLeast, expect, scenario, service, start, step, traffic } from 'shakedown'

const web = service({
  run: ['nginx', '-p', '.', '-e', 'stderr', '-c', 'nginx.conf', '-g', 'daemon off; pid nginx.pid;'],
  files: {
    'nginx.conf': ({ port }) =>
      `events {} http { access_log off; server { listen 127.0.0.1:${port}; location = /status { stub_status; } } }`,
  },
  ready: { http: '/status' },
})
const exporter = service({
  run: ({ port }) => [
    'prometheus-nginx-exporter',
    `-web.listen-address=127.0.0.1:${port}`,
    at`-nginx.scrape-uri=${web.url}/status`,
  ],
  ready: { log: /listening on/i },
  metrics: '/metrics',
  // How release 0.11 answers SIGTERM.
  stop: { clean: [0, 1] },
})

await scenario('nginx counts what it serves', { requires: ['nginx', 'nginx-exporter'] }, async () => {
  await start(web, exporter)

  await step('every request, none lost', async () => {
    const counted = await exporter.metrics.value('nginx_http_requests_total').fromNow()
    const sent = await traffic(web, { paths: { '/status': 1 }, rate: '200/s', for: '1s' })
    expect(sent.errors).toBe(0)
    // The exporter's own looks count, too.
    await expect(counted).toBe(atLeast(sent.total))
  })

  await step('and it says when nginx is not there', async () => {
    await expect(exporter.metrics.value('nginx_up')).toBe(1)
    await web.stop()
    await expect(exporter.metrics.value('nginx_up')).toBe(0)
  })
})
