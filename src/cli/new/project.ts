import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** The files of a project that has system tests, besides its scripts. */
export const PROJECT_FILES: Readonly<Record<string, () => string>> = {
  'package.json': () =>
    `${JSON.stringify(
      { name: nameProject(), private: true, type: 'module', scripts: { 'system-test': 'shakedown run' } },
      null,
      2,
    )}\n`,
  '.gitignore': () => 'node_modules/\nresults/\n',
  '.github/workflows/system-test.yml': () => WORKFLOW,
}

/** What npm is asked for, so that a project gets this very shakedown: its version, or the file that it came from. */
export function ownSource(): string {
  const root = findOwnRoot(import.meta.dirname)
  const { version } = readJson(join(root, 'package.json'))
  if (basename(dirname(root)) !== 'node_modules') return root
  const lock = join(dirname(root), '.package-lock.json')
  const entry = existsSync(lock) ? Object(readJson(lock)['packages'])['node_modules/shakedown'] : undefined
  const resolved = String(Object(entry).resolved ?? '')
  if (resolved.startsWith('file:')) return resolve(dirname(dirname(root)), resolved.slice('file:'.length))
  return `shakedown@^${version}`
}

function findOwnRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findOwnRoot(dirname(from))
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function nameProject(): string {
  const words = basename(process.cwd())
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? ['system', 'tests']
  return words.join('-')
}

const WORKFLOW = `name: system-test

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  system-test:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0
        with:
          node-version: 24
      - run: npm ci
      - run: npx shakedown run --ci
      - name: results
        if: always()
        uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with:
          name: results
          path: results
          if-no-files-found: ignore
`
