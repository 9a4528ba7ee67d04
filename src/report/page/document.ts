import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Assets } from './assets.ts'
import { html, type Markup } from './markup.ts'
import type { PageModel } from './model.ts'

/** What a page is put together from. */
export interface Content {
  readonly title: string
  readonly body: Markup
  readonly model: PageModel
  readonly assets: Assets
}

const pack = promisify(gzip)

/**
 * The whole page as one text that needs nothing else: no server, no network. Only the one program in it may run, told by its
 * hash, so that nothing that a service printed can become one.
 */
export async function renderDocument({ title, body, model, assets }: Content): Promise<string> {
  const packed = await pack(JSON.stringify(model), { level: 4 })
  const script = assets.script.replaceAll('</script', '<\\/script')
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(assets.style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const head = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
`.markup
  const data = `<script type="application/octet-stream" id="data">${packed.toString('base64')}</script>`
  return `${head}<style>${assets.style}</style>\n</head>\n<body>\n${body.markup}\n${data}\n<script>${script}</script>\n</body>\n</html>\n`
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
