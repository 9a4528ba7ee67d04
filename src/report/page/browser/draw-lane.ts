import type { PageFault } from '../model.ts'
import { make } from './dom.ts'
import type { Bar, Lane } from './lanes.ts'
import type { View } from './store.ts'

/** How a lane is drawn: pixels, and what of the run they show. */
export interface Scale {
  readonly view: View
  readonly width: number
  readonly rowHeight: number
  readonly chosen: number
}

const NARROWEST = 2
const TEXT_FROM = 28
const BIN = 3

/** What a lane shows of the run, as elements; bars that would fall on the same pixel are drawn once. */
export function drawLane(lane: Lane, index: number, scale: Scale): readonly Node[] {
  const drawn = new Map<number, number>()
  const bars = lane.bars.flatMap((bar, at) => {
    const box = boxOf(bar, scale)
    if (box === undefined) return []
    const isHidden = box.width <= NARROWEST && box.left + NARROWEST <= (drawn.get(bar.row) ?? -1)
    if (isHidden && !/failed|missed|died/.test(bar.look)) return []
    drawn.set(bar.row, Math.max(drawn.get(bar.row) ?? 0, box.left + box.width))
    return [drawBar(bar, box, { name: `${index}.b.${at}`, scale })]
  })
  const points = lane.points.flatMap((point, at) => {
    const left = toPixel(point.time, scale)
    if (left < -4 || left > scale.width + 4) return []
    const mark = make('i', { class: `mark ${point.look}`, 'data-item': `${index}.p.${at}` })
    mark.style.left = `${left}px`
    return [mark]
  })
  const density = drawDensity(lane, scale)
  return [...bars, ...(density === undefined ? [] : [density]), ...points]
}

/** Times in which something was broken, as shades behind a lane. */
export function drawFaults(faults: readonly PageFault[], lane: Lane, scale: Scale): readonly Node[] {
  return faults
    .filter(
      ({ script, service }) => script === lane.script && (service === undefined || service === lane.service),
    )
    .flatMap((fault) => {
      const box = boxOf(fault, scale)
      if (box === undefined) return []
      return [place(make('i', { class: 'fault', title: fault.what }), box)]
    })
}

function toPixel(time: number, { view, width }: Scale): number {
  return ((time - view.from) / (view.to - view.from)) * width
}

interface Box {
  readonly left: number
  readonly width: number
}

function boxOf({ from, to }: View, scale: Scale): Box | undefined {
  const start = toPixel(from, scale)
  const end = toPixel(to, scale)
  if (end < 0 || start > scale.width) return undefined
  const left = Math.max(start, -2)
  return { left, width: Math.max(Math.min(end, scale.width + 2) - left, NARROWEST) }
}

function place(element: HTMLElement, { left, width }: Box): HTMLElement {
  element.style.left = `${left}px`
  element.style.width = `${width}px`
  return element
}

function drawBar(bar: Bar, box: Box, { name, scale }: { name: string; scale: Scale }): HTMLElement {
  const isChosen = bar.part >= 0 && bar.part === scale.chosen && bar.look.startsWith('part')
  const look = `bar ${bar.look}${isChosen ? ' chosen' : ''}${bar.part >= 0 ? ' choosable' : ''}`
  const element = make('i', { class: look, 'data-item': name }, box.width >= TEXT_FROM ? bar.text : '')
  element.style.top = `${bar.row * scale.rowHeight}px`
  // Where there is room, each look of a wait is a tick in it.
  if (bar.looks !== undefined && box.width >= bar.looks.length * 5)
    element.append(...ticksOf(bar.looks, box, scale))
  return place(element, box)
}

function ticksOf(looks: readonly number[], { left }: Box, scale: Scale): readonly Node[] {
  return looks.map((time) => {
    const tick = make('i', { class: 'look' })
    tick.style.left = `${toPixel(time, scale) - left}px`
    return tick
  })
}

/** How many requests there were, as a silhouette at the bottom of the lane. */
function drawDensity({ requests }: Lane, scale: Scale): Node | undefined {
  const bins = new Map<number, number>()
  for (const [time, count] of requests) {
    const bin = Math.floor(toPixel(time, scale) / BIN)
    if (bin >= 0 && bin * BIN <= scale.width) bins.set(bin, (bins.get(bin) ?? 0) + count)
  }
  if (bins.size === 0) return undefined
  const most = Math.max(...bins.values())
  const high = scale.rowHeight - 4
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('class', 'density')
  svg.setAttribute('width', String(scale.width))
  svg.setAttribute('height', String(high))
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  const columns = [...bins].map(([bin, count]) => {
    // A single request is still to be seen beside a load of thousands.
    const height = Math.max(3, Math.sqrt(count / most) * high)
    return `M${bin * BIN} ${high}v${-height}h${BIN - 1}v${height}z`
  })
  path.setAttribute('d', columns.join(''))
  svg.append(path)
  return svg
}
