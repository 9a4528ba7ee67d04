/** What stands where a secret was. */
export const REDACTED = '[secret]'

/** `://user:password@` in an address: what stands between the colon and the at. */
const USERINFO = /(:\/\/[^\s:/?#@"'<>]{0,200}:)([^\s/?#@"'<>]+)(?=@)/g
/** `password=…` in a command line, a query or a connection string. */
const ASSIGNED =
  /((?:password|passwd|client_secret|api_?key|access_token|auth_token)=)(?!\[secret\])[^\s"'&,;<>]{6,}/gi
const AUTHORIZATION = /(authorization["']?\s?[:=]\s?["']?(?:bearer|basic|token)\s)(?!\[secret\])[^\s"',<>]+/gi
/** Tokens that say by how they begin what they are: of AWS, GitHub, GitLab, Slack, npm, Google, Stripe; JSON web tokens; private keys. */
const TOKENS = new RegExp(
  [
    '\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b',
    '\\bgh[pousr]_[A-Za-z0-9]{36,}',
    '\\bgithub_pat_\\w{22,}',
    '\\bglpat-[\\w-]{20,}',
    '\\bxox[abprs]-[\\w-]{10,}',
    '\\bnpm_[A-Za-z0-9]{36}\\b',
    '\\bAIza[\\w-]{35}',
    '\\b[rs]k_(?:live|test)_\\w{16,}',
    '\\beyJ[\\w-]{8,1000}\\.eyJ[\\w-]{8,4000}\\.[\\w-]+',
    '-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^-]*(?:-----END [A-Z ]{0,20}PRIVATE KEY-----)?',
  ].join('|'),
  'g',
)
/** One of these is in each of the tokens: most lines have none, and looking for words is quick. */
const BEGINNINGS = [
  ...['AKIA', 'ASIA', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-', 'xox', 'npm_', 'AIza'],
  ...['_live_', '_test_', 'eyJ', '-----BEGIN'],
] as const

/** The text without what looks like a secret, though nobody has registered it. */
export function hideShapes(text: string): string {
  let hidden = text
  if (text.includes('@') && text.includes('://')) hidden = hidden.replace(USERINFO, `$1${REDACTED}`)
  if (text.includes('=')) hidden = hidden.replace(ASSIGNED, `$1${REDACTED}`)
  if (/uthorization/i.test(text)) hidden = hidden.replace(AUTHORIZATION, `$1${REDACTED}`)
  return BEGINNINGS.some((beginning) => text.includes(beginning)) ? hidden.replace(TOKENS, REDACTED) : hidden
}

/** The passwords in the addresses of a text, as they stand there and decoded. */
export function passwordsInUrl(text: string): readonly string[] {
  if (!text.includes('://')) return []
  return [...text.matchAll(USERINFO)].flatMap(([, , password = '']) => [password, decode(password)])
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // a per cent sign that is one: it was never encoded
  }
}
