import { env } from 'node:process'

const REDACTED = '[secret]'
const TELLING_NAME = /PASSWORD|PASSWD|TOKEN|SECRET|(?:^|_)KEY$/i
/** Shorter texts occur by chance: hiding them would hide everything. */
const SHORTEST = 6

const secrets = new Set<string>()
let pattern: RegExp | undefined

registerSecretsIn(env)

/** Registers a text that no log, event or report may show; answers with it. Texts of 5 characters or fewer stay visible. */
export function secret<T extends string>(value: T): T {
  if (value.length < SHORTEST || secrets.has(value)) return value
  secrets.add(value)
  // The longest first, so that a secret inside of another does not leave the rest of it.
  const texts = [...secrets].toSorted((left, right) => right.length - left.length)
  pattern = new RegExp(texts.map((text) => RegExp.escape(text)).join('|'), 'g')
  return value
}

/** Registers the values of variables whose name says that they are secret: `…PASSWORD…`, `…TOKEN…`, `…SECRET…`, `…_KEY`. */
export function registerSecretsIn(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && TELLING_NAME.test(name)) secret(value)
  }
}

/** The text without any registered secret. */
export function redact(text: string): string {
  return pattern === undefined ? text : text.replace(pattern, REDACTED)
}
