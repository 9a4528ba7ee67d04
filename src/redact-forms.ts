/** Lines of a secret that has several: a log has one line at a time. Shorter ones are brackets and blanks. */
const SHORTEST_LINE = 8

/** What becomes of a text on its way through programs: itself, its lines, in an URL, in JSON, in base64 wherever it begins there, read in another encoding. */
export function formsOf(text: string): ReadonlySet<string> {
  const lines = text.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE)
  return new Set(
    [text, ...lines].flatMap((part) => [
      part,
      ...inUrl(part),
      inJson(part),
      ...inBase64(part),
      inLatin(part),
    ]),
  )
}

function inUrl(text: string): readonly string[] {
  const encoded = encodeURIComponent(text.toWellFormed())
  // As forms are sent: a plus for a blank, and the signs too that are harmless in a path.
  const strict = encoded.replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  const forms = [encoded, strict, strict.replaceAll('%20', '+')]
  return [...forms, ...forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))]
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Three bytes are four letters: what a secret becomes depends on how many bytes stand before it. Only what does not depend on its neighbours. */
function inBase64(text: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    const whole = Math.floor((bytes.length * 8) / 6)
    const own = bytes.toString('base64').slice(Math.ceil((before * 8) / 6), whole)
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** UTF-8 that somebody took for Latin-1: `Ã¼`. */
function inLatin(text: string): string {
  return Buffer.from(text).toString('latin1')
}
