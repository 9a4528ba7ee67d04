import { formsOf } from './redact-forms.ts'
import { hideShapes, passwordsInUrl, REDACTED } from './redact-shapes.ts'

const TELLING_NAME = /PASSWORD|PASSWD|TOKEN|SECRET|(?:^|_)KEY$/i
/** Shorter texts occur by chance: hiding them would hide everything. */
const SHORTEST = 6

const secrets = new Set<string>()
let pattern: RegExp | undefined

registerSecretsIn(process.env)

/**
 * Registers a text that no log, event or report may show, nor what becomes of it in an URL, in JSON or in base64; answers
 * with it. Texts of 5 characters or fewer stay visible.
 */
export function secret<T extends string>(value: T): T {
  if (value.length < SHORTEST || secrets.has(value)) return value
  for (const form of formsOf(value)) if (form.length >= SHORTEST) secrets.add(form)
  pattern = undefined
  return value
}

/**
 * Registers the values of variables whose name says that they are secret: `…PASSWORD…`, `…TOKEN…`, `…SECRET…`, `…_KEY`; and the
 * passwords in the addresses that others have.
 */
export function registerSecretsIn(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) continue
    if (isTelling(name)) secret(value)
    for (const password of passwordsInUrl(value)) secret(password)
  }
}

/** True for the name of a variable that says that its value is secret. */
export function isTelling(name: string): boolean {
  return TELLING_NAME.test(name)
}

/** The text without any registered secret, and without what looks like one: a password in an URL, a known kind of token. */
export function redact(text: string): string {
  return hideShapes(secrets.size === 0 ? text : text.replace(patternOfAll(), REDACTED))
}

/** Made when it is first needed, and again after another secret was registered. */
function patternOfAll(): RegExp {
  if (pattern !== undefined) return pattern
  // The longest first, so that a secret inside of another does not leave the rest of it.
  const texts = [...secrets].toSorted((left, right) => right.length - left.length)
  pattern = new RegExp(texts.map((text) => RegExp.escape(text)).join('|'), 'g')
  return pattern
}
