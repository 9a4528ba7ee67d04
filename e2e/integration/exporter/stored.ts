import { command, derive, expect, hashes, info, keys, type Reading, step } from 'shakedown'
import { disagreements } from './agree.ts'
import type { Store } from './redis-keys.ts'
import { needOwnRedis } from './store.ts'
import type { App } from './workers.ts'

/** What somebody else keeps beside the metrics: under no prefix, and under one that begins as ours does. */
const OTHERS = ['somebody:else', 'other'] as const
/** What the metrics of others end with: a digest that is none of ours. */
const DIGEST = '0123456789abcdef0123456789abcdef'
/**
 * What the exporter sends, and what a look of ours does. Everything else stops other clients while it runs (KEYS), deletes
 * (FLUSHALL, DEL), or is not needed. Facts: measured with MONITOR and exporter 0.2.4.
 */
const COMMANDS = new Set(
  [
    'expire hget hgetall hset hsetnx ping scan time',
    'client command config dump exists get hello hmget info mget pexpiretime pttl psubscribe publish select set subscribe ttl type',
    'unsubscribe punsubscribe memory monitor',
  ].flatMap((line) => line.split(' ')),
)

/** Puts down something of somebody else's, that must be there and unchanged in the end; nothing in a Redis that is not ours. */
export async function plantForeignKeys({ cache, prefix }: Store): Promise<void> {
  for (const key of foreignKeys(prefix)) await command(cache, 'SET', key, 'untouched').read()
  for (const { key, fields } of foreignMetrics(prefix))
    await command(cache, 'HSET', key, ...Object.entries(fields).flat()).read()
}

/** Claims that Redis and the page say the same, series by series, each read without the other. */
export async function verifyAgreement(app: App, store: Store): Promise<void> {
  await step('Redis and the page agree, series by series', { proves: ['GUN-052'] }, async () => {
    const page = derive(app.metrics.samples(), 'series on the page', (samples) => {
      const lines = samples.flatMap(({ name, labels, value }) =>
        isStoredAsShown(name) ? [describeSeries(name, labels, value)] : [],
      )
      return lines.sort()
    })
    const stored = { name: 'Redis', lines: storedSeries(store) }
    await expect(disagreements(stored, { name: 'the page', lines: page })).toEqual([])
  })
}

/** Claims that there is nothing in Redis but the metrics and what others keep there, and that no command stops others. */
export async function verifyNothingElse(
  { cache, prefix }: Store,
  title = 'nothing else is written, and nothing of others is touched',
): Promise<void> {
  await step(title, { proves: ['GUN-125'] }, async () => {
    needOwnRedis()
    const own = `${prefix}:`
    const databases = derive(info(cache, 'keyspace'), 'databases with keys', (found) =>
      Object.entries(found).map(([name, text]) => `${name} ${/^keys=[1-9]/.exec(text)?.[0] ?? text}`),
    )
    await expect(databases).toMatch([/^db0 keys=[1-9]$/])
    const others = derive(keys(cache, '*'), 'keys that are not of this application', (found) =>
      found.filter((key) => !key.startsWith(own)).sort(),
    )
    const metrics = foreignMetrics(prefix)
    await expect(others).toBe([...foreignKeys(prefix), ...metrics.map(({ key }) => key)].sort())
    for (const key of foreignKeys(prefix)) {
      await expect(command(cache, 'GET', key)).toBe('untouched')
      await expect(command(cache, 'PTTL', key)).toBe(-1)
    }
    const found = derive(hashes(cache, `*:${DIGEST}`), 'what other applications count', describeHashes)
    await expect(found).toEqual(describeHashes(new Map(metrics.map(({ key, fields }) => [key, fields]))))
    const unusual = derive(info(cache, 'commandstats'), 'commands that have no business here', (found) =>
      Object.entries(found)
        .map(([name, text]) => ({ name: name.replace(/^cmdstat_/, ''), text }))
        .filter(({ name, text }) => !COMMANDS.has(name.split('|')[0] ?? '') || !/^calls=\d/.test(text))
        .map(({ name, text }) => `${name} ${text}`),
    )
    await expect(unusual).toEqual([])
  })
}

function foreignKeys(prefix: string): readonly string[] {
  return OTHERS.map((name, index) => (index === 0 ? name : `${prefix}${name}`))
}

/** What other applications count in that Redis, under prefixes of their own, of which one begins as ours does. */
function foreignMetrics(prefix: string) {
  const original =
    '["gunicorn_worker_requests", "gunicorn_worker_requests_total", {"worker_id": "worker_1_1"}, "of others"]'
  return OTHERS.flatMap((name, index) => {
    const key = (kind: string) =>
      `${index === 0 ? 'elsewhere' : `${prefix}${name}`}:counter:1:${kind}:${DIGEST}`
    return [
      { key: key('metric'), fields: { value: '7', timestamp: '0', updated_at: '1' } },
      {
        key: key('meta'),
        fields: { original_key: original, typ: 'counter', multiprocess_mode: 'all', created_at: '1' },
      },
    ]
  })
}

/** One hash a line: Redis gives neither keys nor fields in an order. */
function describeHashes(found: ReadonlyMap<string, Readonly<Record<string, string>>>): readonly string[] {
  const lines = [...found].map(([key, fields]) => `${key} ${JSON.stringify(Object.entries(fields).sort())}`)
  return lines.sort()
}

/** Buckets are stored one by one and shown added up; the master's counts are shown twice: both are judged elsewhere. */
function isStoredAsShown(name: string): boolean {
  return name.startsWith('gunicorn_worker_') && !/_(bucket|count)$/.test(name)
}

/** The series that are in Redis itself, read without the exporter. */
function storedSeries({ cache, prefix }: Store): Reading<readonly string[]> {
  return derive(hashes(cache, `${prefix}:*`), `series in Redis under ${prefix}`, (found) => {
    const lines = [...found].flatMap(([key, fields]) => {
      const [, , pid, kind] = key.slice(prefix.length - 1).split(':')
      if (kind !== 'meta') return []
      const original: unknown = JSON.parse(fields['original_key'] ?? '[]')
      const [, name, labels] = Array.isArray(original) ? original : []
      if (typeof name !== 'string' || !isStoredAsShown(name)) return []
      const value = Number(found.get(key.replace(':meta:', ':metric:'))?.['value'] ?? Number.NaN)
      const given = fields['typ'] === 'counter' || fields['typ'] === 'histogram' ? labels : { ...labels, pid }
      return [describeSeries(name, given, value)]
    })
    return lines.sort()
  })
}

function describeSeries(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const names = Object.keys(labels).sort()
  return `${name}{${names.map((label) => `${label}=${labels[label]}`).join(', ')}} ${value}`
}
