// How many requests a second over 50 connections: this project's load engine beside autocannon and wrk, on one nginx.
//   scripts/node bench/traffic.mts [--runs 7] [--seconds 3] [--autocannon FOLDER]
// Needs nginx and wrk (apt-get install nginx-light wrk). autocannon is taken from FOLDER/node_modules, else installed
// into a temporary folder. The three take turns, each in a process of its own, so that a busy
// moment meets all of them; the ratio is the median of the ratios of each turn. Beside it, requests for each second of
// processor time that the client itself used: that hardly depends on what else the machine does.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { generateLoad } from '../src/traffic/load.ts'
import { median } from './measure.ts'

const CONNECTIONS = 50
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    autocannon: { type: 'string' },
    only: { type: 'string' }, // the port: what the process of this project's own runs gets
  },
})
type Results = Record<'shakedown' | 'autocannon' | 'wrk', number[]>

/** Requests a second, and for each second of processor time. */
interface Result {
  readonly rate: number
  readonly frugality: number
}

const seconds = Number(values.seconds)
const execute = promisify(execFile)

if (values.only !== undefined) await runOwn(Number(values.only))
else await compare()

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-traffic-'))
  await chmod(folder, 0o755) // nginx's workers are another user
  const port = await findPort()
  const nginx = await startNginx(folder, port)
  try {
    const autocannon = await findAutocannon(folder)
    const url = `http://127.0.0.1:${port}/ok.txt`
    const contestants = {
      shakedown: () => measureOwn(port),
      autocannon: () => measureAutocannon(autocannon, url),
      wrk: () => measureWrk(url),
    }
    const rates: Results = { shakedown: [], autocannon: [], wrk: [] }
    const frugalities: Results = { shakedown: [], autocannon: [], wrk: [] }
    for (let run = 0; run < Number(values.runs); run += 1) {
      for (const name of ['shakedown', 'autocannon', 'wrk'] as const) {
        const { rate, frugality } = await contestants[name]()
        rates[name].push(rate)
        frugalities[name].push(frugality)
        print(
          `run ${run + 1}  ${name.padEnd(10)} ${Math.round(rate)}/s, ${Math.round(frugality)} a processor second`,
        )
      }
    }
    const [own, other, best] = [median(rates.shakedown), median(rates.autocannon), median(rates.wrk)]
    print(
      `median      shakedown ${Math.round(own)}/s, autocannon ${Math.round(other)}/s, wrk ${Math.round(best)}/s`,
    )
    print(`ratio       ${showRatios(rates)}`)
    print(`frugality   ${showRatios(frugalities)}`)
  } finally {
    if (nginx.kill('SIGTERM')) await once(nginx, 'exit')
    await rm(folder, { recursive: true })
  }
}

function showRatios(results: Results): string {
  const ratio = (name: 'autocannon' | 'wrk') =>
    median(results[name].map((one, run) => (results.shakedown[run] ?? 0) / one)).toFixed(2)
  return `${ratio('autocannon')} of autocannon, ${ratio('wrk')} of wrk`
}

async function runOwn(port: number): Promise<void> {
  const sent = await generateLoad({
    target: { host: '127.0.0.1', port },
    requests: [{ weight: 1, method: 'GET', path: '/ok.txt' }],
    shape: { kind: 'closed', connections: CONNECTIONS, milliseconds: seconds * 1000 },
  })
  if (sent.ok !== sent.total)
    throw new Error(`${sent.total - sent.ok} of ${sent.total} were not answered with 200`)
  print(
    JSON.stringify({
      rate: sent.rate,
      p50: sent.latency.p50.milliseconds,
      p99: sent.latency.p99.milliseconds,
    }),
  )
}

async function measureOwn(port: number): Promise<Result> {
  const options = ['--only', String(port), '--seconds', String(seconds)]
  const { stdout, used } = await executeTimed(process.execPath, [import.meta.filename, ...options])
  return createResult(numberIn(stdout, /"rate":([\d.]+)/), used)
}

async function measureAutocannon(file: string, url: string): Promise<Result> {
  const options = ['-c', String(CONNECTIONS), '-d', String(seconds), '--json', '--no-progress', url]
  const { stdout, used } = await executeTimed(process.execPath, [file, ...options])
  return createResult(numberIn(stdout, /"2xx":(\d+)/) / numberIn(stdout, /"duration":([\d.]+)/), used)
}

async function measureWrk(url: string): Promise<Result> {
  const { stdout, used } = await executeTimed('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, url])
  return createResult(numberIn(stdout, /Requests\/sec:\s+([\d.]+)/), used)
}

function createResult(rate: number, used: number): Result {
  return { rate, frugality: (rate * seconds) / used }
}

/** Node tells nothing of what a child has used; the shell does, in seconds of processor time, its start included. */
async function executeTimed(program: string, options: readonly string[]) {
  const script = 'TIMEFORMAT="used %U %S"; time "$@"'
  const { stdout, stderr } = await execute('bash', ['-c', script, 'bench', program, ...options])
  const used = numberIn(stderr, /used ([\d.]+) /) + numberIn(stderr, /used [\d.]+ ([\d.]+)/)
  return { stdout, used }
}

async function startNginx(folder: string, port: number): Promise<ReturnType<typeof spawn>> {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${name};`,
  )
  const server = `server { listen 127.0.0.1:${port}; root .; keepalive_requests 1000000000; }`
  const text = `daemon off; worker_processes 1; pid nginx.pid; events { worker_connections 1024; }
    http { access_log off; ${paths.join(' ')} ${server} }`
  await writeFile(join(folder, 'nginx.conf'), text)
  await writeFile(join(folder, 'ok.txt'), 'ok')
  const options = ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']
  const nginx = spawn('nginx', options, { stdio: ['ignore', 'ignore', 'inherit'] })
  await once(nginx, 'spawn')
  while (!(await answers(port))) {
    if (nginx.exitCode !== null) throw new Error(`nginx exited with ${nginx.exitCode}`)
  }
  return nginx
}

async function answers(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/ok.txt`).catch(() => undefined) // refused until it listens
  return answer !== undefined && (await answer.text()) === 'ok'
}

async function findAutocannon(folder: string): Promise<string> {
  const prefix = values.autocannon ?? folder
  if (values.autocannon === undefined) {
    print('installing autocannon into a temporary folder')
    await execute('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', 'autocannon@9.0.0'])
  }
  return join(prefix, 'node_modules', 'autocannon', 'autocannon.js')
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no address')
  return address.port
}

function numberIn(text: string, pattern: RegExp): number {
  const [, number] = pattern.exec(text) ?? []
  if (number === undefined) throw new Error(`no ${pattern} in ${text}`)
  return Number(number)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
