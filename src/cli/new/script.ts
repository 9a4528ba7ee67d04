import { UsageError } from '../../error.ts'

/** A program as a command line describes it. */
export interface Described {
  readonly name: string
  /** Its command line; `{port}`, `{host}` and `{dir}` stand for what it is given. */
  readonly run: string
  /** A path that it answers with 200, if it speaks HTTP. */
  readonly http?: string | undefined
}

const PLACES: readonly string[] = ['port', 'host', 'dir']
const IMPORTS: readonly string[] = ['expect', 'scenario', 'service', 'start', 'step']

/** A script that proves that a program comes up and answers: green as it stands, and short enough to go on from. */
export function writeServiceScript({ name, run, http }: Described): string {
  const variable = nameVariable(name)
  const words = splitWords(run)
  const places = PLACES.filter((place) => words.some((word) => word.includes(`{${place}}`)))
  const list = `[${words.map(writeWord).join(', ')}]`
  const listens = places.includes('port')
  if (http !== undefined && !listens)
    throw new UsageError('--http is for a program that listens', {
      hint: 'say in --run where its port goes: {port}',
    })
  const ready =
    http === undefined
      ? listens
        ? ''
        : "  port: 'none',\n  ready: 'started',\n"
      : `  ready: { http: ${quote(http)} },\n`
  const proof =
    http === undefined
      ? `  await step('it runs', async () => {
    await expect(${variable}.state).toBe('running')
  })`
      : `  await step('it answers', async () => {
    await expect(${variable}.get(${quote(http)})).toRespond(200)
  })`
  return `// ${name} comes up, and ${http === undefined ? 'runs' : 'answers'}.
import { expect, scenario, service, start, step } from 'shakedown'

const ${variable} = service({
  name: ${quote(name)},
  run: ${places.length === 0 ? list : `({ ${places.join(', ')} }) => ${list}`},
${ready}})

await scenario(${quote(name)}, { tags: ['p0'] }, async () => {
  await start(${variable})

${proof}
})
`
}

/** A script with this title, against a web server that it brings itself: something to replace, and green until then. */
export function writeScenarioScript(title: string): string {
  return `// ${title.replaceAll('\n', ' ')}
import { expect, scenario, service, start, step } from 'shakedown'

// The program under test: here one that comes with the script. Yours is a command: run: ({ port }) => ['my-server', '--port', port]
const web = service({
  name: 'web',
  run: ['node', 'server.mjs'],
  files: {
    'server.mjs': ({ port }) => \`
      import { createServer } from 'node:http'
      createServer((request, response) => response.end('hello')).listen(\${port}, '127.0.0.1')\`,
  },
  ready: { http: '/' },
})

await scenario(${quote(title)}, { tags: ['p0'] }, async () => {
  await start(web)

  await step('it says hello', async () => {
    await expect(web.get('/')).toRespond(200, { text: 'hello' })
  })
})
`
}

/** A name as a file and a service have it: `My Server` is `my_server`. Throws a UsageError for what has no letter in it. */
export function nameFile(text: string): string {
  const words = text.toLowerCase().match(/[\p{Letter}\p{Number}]+/gu)
  if (words === null) throw new UsageError(`${JSON.stringify(text)} is no name`, { hint: 'it needs letters' })
  return words.join('_')
}

/** The words of a command line, as a shell would split it; quotes keep words together. Throws a UsageError for one that is not closed. */
export function splitWords(line: string): readonly string[] {
  const rest = line.replaceAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g, '')
  if (rest.trim() !== '') throw new UsageError(`a quote is not closed: ${line}`)
  const words = line.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? []
  if (words.length === 0)
    throw new UsageError('--run is empty', { hint: "--run 'memcached -p {port} -l {host}'" })
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, one, two) => one ?? two))
}

function writeWord(word: string): string {
  const whole = /^\{(port|host|dir)\}$/.exec(word)
  if (whole !== null) return whole[1] ?? ''
  if (!/\{(port|host|dir)\}/.test(word)) return quote(word)
  const text = word.replaceAll(/[`\\]|\$(?=\{)/g, '\\$&').replaceAll(/\{(port|host|dir)\}/g, '${$1}')
  return `\`${text}\``
}

function nameVariable(name: string): string {
  const [first = '', ...more] = nameFile(name).split('_')
  const joined = [first, ...more.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
  const isTaken = IMPORTS.includes(joined) || RESERVED.test(joined)
  return /^\p{ID_Start}/u.test(joined) && !isTaken
    ? joined
    : `the${joined.charAt(0).toUpperCase()}${joined.slice(1)}`
}

const RESERVED =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`
}
