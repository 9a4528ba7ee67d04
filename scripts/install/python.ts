import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { glob, mkdir, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { PreflightError } from '../../src/error.ts'
import { type InspectedComponent, inspectComponent, type MissingComponent } from '../../src/run/find.ts'
import { isExporterVersion, venvFolder, venvProgram } from '../../src/run/venv.ts'
import { $ } from '../shell.ts'

/** The virtual environment that a run needs: where, and what must be in it. */
export interface Wanted {
  readonly root: string
  readonly folder: string
  /** `name==version`, one each; a checkout's exporter is not among them. */
  readonly pins: readonly string[]
  /** Somebody's checkout of the exporter, installed so that its edits count. */
  readonly checkout: string | undefined
}

const REQUIREMENTS = 'fixtures/apps/exporter/requirements.txt'
const EXPORTER = 'gunicorn-prometheus-exporter'

/** What `EXPORTER` (a version, a path, or nothing: the pinned one) asks for; throws a PreflightError for a path that is none. */
export async function wantedPython(root: string, exporter = ''): Promise<Wanted> {
  const text = await readFile(join(root, REQUIREMENTS), 'utf8')
  const pins = text.split('\n').flatMap((line) => line.replace(/\s*(#.*)?$/, '') || [])
  const folder = venvFolder(root, { EXPORTER: exporter })
  if (exporter === '') return { root, folder, pins, checkout: undefined }
  const others = pins.filter((pin) => !pin.startsWith(`${EXPORTER}==`))
  if (isExporterVersion(exporter)) {
    return { root, folder, pins: [...others, `${EXPORTER}==${exporter}`], checkout: undefined }
  }
  const checkout = resolve(root, exporter)
  if (existsSync(join(checkout, 'pyproject.toml'))) return { root, folder, pins: others, checkout }
  throw new PreflightError(`EXPORTER=${exporter} is neither a version nor a checkout of the exporter`, {
    hint: 'a version looks like 0.2.4; a checkout is a folder with a pyproject.toml',
  })
}

/** What is not there yet, in words; undefined when everything is. Looks at files only, starts nothing. */
export async function findPythonProblem(wanted: Wanted): Promise<string | undefined> {
  const python = venvProgram(wanted.folder, 'python')
  if (!existsSync(python)) return 'it is not there'
  const program = venvProgram(wanted.folder, 'gunicorn')
  if (existsSync(program) && !belongsTo(program, wanted.folder)) return 'it was made in another place'
  const installed = new Set<string>()
  for await (const record of glob('{lib/python*,Lib}/site-packages/*.dist-info/RECORD', {
    cwd: wanted.folder,
  })) {
    installed.add(normalize(dirname(record).split(/[\\/]/).at(-1)?.replace('.dist-info', '') ?? ''))
  }
  const absent = wanted.pins.filter((pin) => !installed.has(normalize(pin.replace('==', '-'))))
  if (wanted.checkout !== undefined && ![...installed].some((name) => name.startsWith(normalize(EXPORTER)))) {
    absent.push(wanted.checkout)
  }
  return absent.length === 0 ? undefined : `it lacks ${absent.join(', ')}`
}

/** Makes the virtual environment and installs what is missing in it, saying so; resolves to what is in the way: a Python that can do that. */
export async function installPython(
  wanted: Wanted,
  say: (line: string) => void,
): Promise<readonly MissingComponent[]> {
  const own = venvProgram(wanted.folder, 'python')
  const problem = await findPythonProblem(wanted)
  if (problem === undefined) return []
  const python = problem.startsWith('it lacks')
    ? undefined
    : await inspectComponent('python', { root: wanted.root })
  if (python !== undefined && 'missing' in python) return [python]
  if (python !== undefined) await makeVenv(wanted.folder, python, say)
  const checkout = wanted.checkout === undefined ? [] : ['--editable', wanted.checkout]
  say(`installing into ${wanted.folder}: ${[...wanted.pins, ...checkout.slice(1)].join(' ')}`)
  await $({
    quiet: true,
  })`${own} -m pip install --quiet --no-input --disable-pip-version-check ${[...wanted.pins, ...checkout]}`
  return []
}

async function makeVenv(
  folder: string,
  python: InspectedComponent,
  say: (line: string) => void,
): Promise<void> {
  say(`making ${folder} with Python ${python.version} (${python.path})`)
  await mkdir(dirname(folder), { recursive: true })
  await $({ quiet: true })`${python.path} -m venv --clear ${folder}`
}

/** False for an environment that was copied or moved: its programs still name the Python of the old place. */
function belongsTo(program: string, folder: string): boolean {
  if (process.platform === 'win32') return true
  const [first = ''] = readFileSync(program, 'utf8').split('\n', 1)
  const places = [folder, realpathSync(folder)]
  return places.some((place) => first.includes(join(place, 'bin')))
}

/** Names and versions as Python compares them: `Jinja2-3.1.6` is `jinja2-3.1.6`, dashes and underscores are one. */
function normalize(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]+/g, '-')
}
