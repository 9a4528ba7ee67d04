/** Text that is markup already: everything else is escaped where it is put into a page. */
export interface Markup {
  readonly markup: string
}

type Part = Markup | string | number | undefined | false | readonly Part[]

/** Markup with values in it: texts are escaped, lists are joined, nothing and false are left out. */
export function html(texts: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return { markup: texts.reduce((all, text, index) => `${all}${render(values[index - 1])}${text}`) }
}

/** A text as it is written between tags and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function render(value: Part): string {
  if (value === undefined || value === false) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeMarkup(String(value))
  return 'markup' in value ? value.markup : value.map(render).join('')
}
