import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parse } from '../../src/metrics/parse.ts'
import { validate } from '../../src/metrics/validate.ts'
import { findMistakes, type Schema } from './json-schema.ts'
import { readXml } from './xml-reader.ts'

/** The schema of `ctrf.json`. */
export const ctrfSchema: Schema = JSON.parse(readFileSync('fixtures/schemas/ctrf.schema.json', 'utf8'))

/** True where libxml2 is installed, which has nothing of ours in it. */
export const hasXmllint = spawnSync('xmllint', ['--version']).error === undefined
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined

/** What the schema of `junit.xml` has against a document; nothing when it keeps to it. */
export function mistakesInJunit(xml: string): string {
  const args = ['--noout', '--huge', '--schema', 'fixtures/schemas/junit.xsd', '-']
  const { status, stderr } = spawnSync('xmllint', args, { input: xml, encoding: 'utf8' })
  return status === 0 ? '' : stderr
}

/** Fails for a report that breaks the rules of those who read it. `read` gives one by the name of its file. */
export function checkReports(read: (name: string) => string): void {
  const junit = read('junit.xml')
  readXml(junit)
  if (hasXmllint) assert.equal(mistakesInJunit(junit), '')
  assert.deepEqual(findMistakes(JSON.parse(read('ctrf.json')), ctrfSchema), [])
  const metrics = read('metrics.prom')
  assert.deepEqual([...validate(parse(metrics))], [])
  if (hasPromtool) {
    const told = spawnSync('promtool', ['check', 'metrics'], { input: metrics, encoding: 'utf8' })
    assert.deepEqual([told.status, told.stdout, told.stderr], [0, '', ''])
  }
  const summary = read('summary.md')
  assert.match(summary, /^## /)
  assert.ok(Buffer.byteLength(summary) <= 1024 * 1024, 'GitHub refuses a longer summary as a whole')
}
