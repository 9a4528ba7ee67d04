import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redact, secret } from '../../src/redact.ts'
import { createLineCutter } from '../../src/service/log-lines.ts'

test('a secret across the place where a long line is cut leaves no half of it', () => {
  const value = 'rosebud-rosebud-rosebud'
  secret(value)
  const told: string[] = []
  const { write, end } = createLineCutter((lines) => told.push(...lines), redact)
  for (let before = 16_384 - value.length - 2; before <= 16_386; before += 1) {
    write(Buffer.from(`${'.'.repeat(before)}${value.slice(0, 9)}`))
    write(Buffer.from(`${value.slice(9)}${'.'.repeat(5000)}\n`))
  }
  end()
  for (const line of told) assert.doesNotMatch(line, /rose|bud/)
})
