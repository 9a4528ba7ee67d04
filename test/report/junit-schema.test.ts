import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderJunit } from '../../src/report/junit.ts'
import { tell } from '../../src/report/told.ts'
import { hasXmllint, mistakesInJunit } from './artefacts.ts'
import { eventsOf, LOGS } from './rendering.ts'

// libxml2 reads it, which has nothing of ours in it.

const skip = hasXmllint ? false : 'xmllint is not installed: apt-get install libxml2-utils'

async function junitOf(log: string): Promise<string> {
  return renderJunit(tell(await eventsOf(log)))
}

for (const log of LOGS) {
  test(`junit.xml of the ${log} run keeps to the schema`, { skip }, async () => {
    assert.equal(mistakesInJunit(await junitOf(log)), '')
  })
}

test('the schema is one that finds mistakes', { skip }, async () => {
  const good = await junitOf('failing')
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['<testcase name=', '<testcase nam=', /attribute 'nam' is not allowed/],
    [' classname="', ' classname="" was="', /'classname'/],
    [' line="', ' line="x', /not a valid value of the atomic type 'xs:positiveInteger'/],
    ['<system-out>', '<system-err>', /mismatch/],
    ['</testcase>', '<failure message="a" type="b">c</failure></testcase>', /This element is not expected/],
    ['message="', 'massage="', /'massage' is not allowed/],
    ['tests="', 'tests="-', /nonNegativeInteger/],
  ]
  for (const [from, to, mistake] of cases)
    assert.match(mistakesInJunit(good.replace(from, to)), mistake, from)
  const [one = ''] = /<testcase [\s\S]*?<\/testcase>|<testcase [^>]*\/>/.exec(good) ?? []
  assert.match(mistakesInJunit(good.replace(one, one + one)), /Duplicate key-sequence/)
})
