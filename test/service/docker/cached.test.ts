import '../own-state.ts'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { hashBuild } from '../../../src/service/docker/context-hash.ts'
import { ensureImage } from '../../../src/service/docker/image.ts'
import { describeWithDocker, NODE } from './engine.ts'

describeWithDocker('images that were built', () => {
  test('are built once for what they are made of, wear the label, and go by it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'Shakedown_Image-'))
    try {
      writeFileSync(join(folder, 'Dockerfile'), `FROM ${NODE}\nCOPY . /x\n`)
      const first = await ensureImage({ build: folder })
      const made = createdAt(first)
      assert.equal(await ensureImage({ build: { context: folder } }), first)
      assert.equal(createdAt(first), made)
      writeFileSync(join(folder, 'more'), 'x')
      const second = await ensureImage({ build: { context: folder, args: {} } })
      assert.notEqual(second, first)
      assert.equal(docker('inspect', '--format', '{{index .Config.Labels "shakedown.image"}}', second), '1')
      for (const image of [first, second]) docker('rmi', image)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

test('the number of a context is that of what belongs to it, and of its Dockerfile whatever is left out', () => {
  const context = mkdtempSync(join(tmpdir(), 'shakedown-context-'))
  const write = (name: string, text: string) => writeFileSync(join(context, name), text)
  try {
    write('Dockerfile', 'FROM scratch\n')
    write('.dockerignore', '*.log\nDockerfile\n.dockerignore\n')
    write('a.txt', 'a')
    const first = hashBuild({ context })
    write('noise.log', 'x')
    assert.equal(hashBuild({ context }), first, 'what is left out does not count')
    write('a.txt', 'b')
    const second = hashBuild({ context })
    assert.notEqual(second, first)
    write('Dockerfile', 'FROM scratch\nENV A=1\n')
    const third = hashBuild({ context })
    assert.notEqual(third, second)
    assert.notEqual(hashBuild({ context, args: { A: '1' } }), third)
    write('.dockerignore', '*.log\n!important.log\n')
    const fourth = hashBuild({ context })
    write('important.log', 'x')
    assert.notEqual(hashBuild({ context }), fourth, 'what is taken back counts')
  } finally {
    rmSync(context, { recursive: true })
  }
})

function createdAt(image: string): string {
  return docker('inspect', '--format', '{{.Created}}', image)
}

function docker(...words: readonly string[]): string {
  return execFileSync('docker', words, { encoding: 'utf8' }).trim()
}
