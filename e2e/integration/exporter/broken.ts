import { at, expect, type Reference, startup, step } from 'shakedown'
import { appWithYaml } from './app.ts'
import { measured } from './measured.ts'

/** Each configuration that cannot work, and what the exporter must say about it. */
const INVALID: Readonly<Record<string, RegExp>> = {
  'invalid-empty.yml': /Configuration file must contain a dictionary at the root level/,
  'invalid-list.yml': /Configuration file must contain a dictionary at the root level/,
  'invalid-no-exporter.yml': /Configuration must contain 'exporter' section/,
  'invalid-no-gunicorn.yml': /Missing required section: exporter\.gunicorn/,
  'invalid-no-address.yml': /Missing required field: exporter\.prometheus\.bind_address/,
  'invalid-no-port.yml': /Missing required field: exporter\.prometheus\.metrics_port/,
  'invalid-port.yml': /Port 80 is not in valid range/,
  'invalid-section.yml': /'exporter\.gunicorn' must be a dictionary/,
  'invalid-syntax.yml': /Invalid YAML in configuration file/,
  'invalid-workers.yml': /Base exporter configuration invalid/,
  'missing.yml': /Configuration file not found/,
}

/** Whoever started it sees that it failed without reading its log. */
const FAILED = /exit code [1-9]\d*$/

/** Claims that a configuration that cannot work ends the application at once, and that it says why. */
export async function verifyInvalidConfigurations(): Promise<void> {
  await step(
    'a configuration that cannot work is refused, with its reason',
    { proves: ['GUN-022', 'GUN-097'] },
    async () => {
      // One after the other: at once they would take the processors from what others of the run wait for.
      for (const [file, because] of Object.entries(INVALID)) {
        // The variables that would win over the file, and mend it, are not set.
        const app = appWithYaml({ name: file.replace('.yml', ''), file, portOfFile: true })
        const { title } = await expect(startup(app)).toFail(because)
        await expect(measured('how it ended', title)).toMatch(FAILED)
      }
    },
  )
}

/** Claims that an application whose port is taken gives up, and names the port. */
export async function verifyTakenPort(port: Reference<number>): Promise<void> {
  await step(
    'a port that is taken ends the application, which names it',
    { proves: ['GUN-097'] },
    async () => {
      const app = appWithYaml({
        name: 'homeless',
        file: 'basic.yml',
        args: ['--bind', at`127.0.0.1:${port}`],
      })
      const { title } = await expect(startup(app)).toFail(/Can't connect to \('127\.0\.0\.1', \d+\)/)
      await expect(measured('how it ended', title)).toMatch(FAILED)
    },
  )
}
