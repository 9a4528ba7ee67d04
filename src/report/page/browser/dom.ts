/** What an element is made with: properties and attributes by name, and `on…` for what it hears. */
export type Props = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>

/** An element with these attributes and children. Texts are texts: nothing in them is markup. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  element.append(...children)
  return element
}

/** The element of that id, which the page always has; throws where it does not. */
export function find(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no #${id}`)
  return element
}

/** The element of that id as the kind that it is. */
export function findAs<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = find(id)
  if (!(element instanceof kind)) throw new Error(`#${id} is a ${element.tagName}`)
  return element
}

/** The nearest element around what an event happened to that has this data attribute, and its value. */
export function targetOf(event: Event, name: string): string | undefined {
  if (!(event.target instanceof Element)) return undefined
  return event.target.closest(`[data-${name}]`)?.getAttribute(`data-${name}`) ?? undefined
}

/** A colour of the style sheet as a canvas understands it, in the theme of the moment. */
export function colorOf(name: string): string {
  const probe = make('span', { hidden: true })
  probe.style.color = `var(--${name})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
