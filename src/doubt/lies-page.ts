import type { Page } from '../metrics/scrape.ts'
import { type Lie, lieAbout } from './lie.ts'
import { isRecord } from './lies-value.ts'

const HOUR = 3_600_000
const CONSTANT: ReadonlySet<string> = new Set(['empty', 'hour'])

/** A whole page of metrics. */
export const PAGE: readonly Lie[] = [
  aboutPage('empty', 'is empty', (page) => {
    const nothing = { samples: [], families: [], metadata: [] }
    return { ...page, text: '', exposition: { ...page.exposition, ...nothing } }
  }),
  aboutPage('zero', 'is zero everywhere', (page) =>
    withSamples(page, (samples) => samples.map((one) => ({ ...one, value: 0 }))),
  ),
  aboutPage('one missing', 'lacks its last series', (page) =>
    withSamples(page, (samples) => samples.slice(0, -1)),
  ),
]

/** A page that is read for what is wrong in it. */
export const FINDINGS: readonly Lie[] = [
  aboutPage('repeated', 'has a series twice', (page) => {
    const { families } = page.exposition
    const [first] = families
    if (first === undefined) return page
    const twice = { ...first, samples: [...first.samples, ...first.samples.slice(0, 1)] }
    return { ...page, exposition: { ...page.exposition, families: [twice, ...families.slice(1)] } }
  }),
  ...PAGE,
]

/** How long a page takes. */
export const DURATION: readonly Lie[] = [
  aboutPage('hour', 'takes an hour', (page) => ({ ...page, ended: page.began + HOUR })),
  aboutPage('zero', 'takes no time', (page) => ({ ...page, ended: page.began })),
]

function aboutPage(name: string, words: string, make: (page: Page) => Page): Lie {
  return lieAbout({ name, words, isConstant: CONSTANT.has(name) }, (value) =>
    isPage(value) ? make(value) : undefined,
  )
}

type Samples = Page['exposition']['samples']

function withSamples(page: Page, make: (samples: Samples) => Samples): Page {
  const { exposition } = page
  const families = exposition.families
    .map((family) => ({ ...family, samples: make(family.samples) }))
    .filter(({ samples }) => samples.length > 0)
  return { ...page, exposition: { ...exposition, samples: make(exposition.samples), families } }
}

function isPage(value: unknown): value is Page {
  return isRecord(value) && isRecord(value['exposition']) && typeof value['text'] === 'string'
}
