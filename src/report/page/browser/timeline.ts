import type { PageModel } from '../model.ts'
import { find, make, targetOf } from './dom.ts'
import { drawFaults, drawLane, type Scale } from './draw-lane.ts'
import { hearKeys, hearPointer } from './gestures.ts'
import { type Lane, lanesOf } from './lanes.ts'
import type { Store } from './store.ts'
import { formatMoment, ticksOf } from './time.ts'
import { createTip } from './tip.ts'
import { clampView, zoom } from './view.ts'

const ROW = 20

interface Row {
  readonly lane: Lane
  readonly element: HTMLElement
  readonly track: HTMLElement
}

/** Shows every process over time, and lets a reader zoom, pan and choose a step. */
export function mountTimeline(model: PageModel, store: Store, hue: (service: string) => number): void {
  const lanes = lanesOf(model)
  const box = find('lanes')
  const axis = make('div', { class: 'axis', 'aria-hidden': 'true' })
  const rows = lanes.map((lane) => createRow(lane, hue))
  const band = make('i', { class: 'band', hidden: true })
  const hair = make('i', { class: 'hair', hidden: true })
  const overlay = make('div', { class: 'overlay', 'aria-hidden': 'true' }, band, hair)
  box.append(
    make('div', { class: 'lane head' }, make('div', { class: 'name' }), axis),
    ...rows.map(({ element }) => element),
    overlay,
  )
  const full = clampView({ from: 0, to: model.end }, model)
  const widthOf = () => Math.max(50, axis.clientWidth)
  const draw = () => {
    const { view, part } = store.state
    const scale: Scale = { view, width: widthOf(), rowHeight: ROW, chosen: part }
    drawAxis(axis, scale)
    for (const [index, row] of rows.entries()) {
      if (row.element.hidden) continue
      row.track.replaceChildren(
        ...drawFaults(model.faults, row.lane, scale),
        ...drawLane(row.lane, index, scale),
      )
    }
    drawBand(band, model.parts[part], scale)
  }
  const redraw = oncePerFrame(draw)
  store.follow(redraw)
  new ResizeObserver(redraw).observe(axis)
  hearFolding(rows, redraw)
  hearButtons(store, model)
  const tip = createTip()
  const itemOf = (event: Event) => findItem(lanes, targetOf(event, 'item'))
  hearPointer({ box, axis, hair, store, model, tip, itemOf })
  hearKeys(box, store, model)
  find('zoom-all').addEventListener('click', () => store.set({ view: full }))
}

function createRow(lane: Lane, hue: (service: string) => number): Row {
  const track = make('div', { class: 'track', 'aria-hidden': 'true' })
  track.style.height = `${lane.rows * ROW}px`
  const name =
    lane.kind === 'script'
      ? make('button', { class: 'fold', 'aria-expanded': 'true', 'data-fold': lane.script }, lane.title)
      : make('span', { class: 'title', title: lane.title }, lane.title)
  const element = make(
    'div',
    { class: `lane lane-${lane.kind}` },
    make('div', { class: 'name' }, name),
    track,
  )
  if (lane.service !== undefined) element.style.setProperty('--hue', String(hue(lane.service)))
  return { lane, element, track }
}

function drawAxis(axis: HTMLElement, { view, width }: Scale): void {
  const ticks = ticksOf(view, Math.max(2, Math.floor(width / 90))).map(({ time, text }) => {
    const tick = make('i', {}, text)
    tick.style.left = `${((time - view.from) / (view.to - view.from)) * width}px`
    return tick
  })
  axis.replaceChildren(...ticks)
}

/** The time of the chosen step, across all lanes. */
function drawBand(
  band: HTMLElement,
  part: { readonly from: number; readonly to: number } | undefined,
  { view, width }: Scale,
): void {
  band.hidden = part === undefined || part.to < view.from || part.from > view.to
  if (part === undefined) return
  const pixel = (time: number) =>
    Math.min(width, Math.max(0, ((time - view.from) / (view.to - view.from)) * width))
  band.style.left = `${pixel(part.from)}px`
  band.style.width = `${Math.max(1, pixel(part.to) - pixel(part.from))}px`
  band.title = `${formatMoment(part.from)} to ${formatMoment(part.to)}`
}

function hearFolding(rows: readonly Row[], redraw: () => void): void {
  find('lanes').addEventListener('click', (event) => {
    const script = targetOf(event, 'fold')
    if (script === undefined) return
    const services = rows.filter(({ lane }) => lane.kind === 'service' && lane.script === Number(script))
    const isOpen = services.some(({ element }) => !element.hidden)
    for (const { element } of services) element.hidden = isOpen
    document.querySelector(`[data-fold="${script}"]`)?.setAttribute('aria-expanded', String(!isOpen))
    redraw()
  })
}

function hearButtons(store: Store, model: PageModel): void {
  const by = (factor: number) => () => store.set({ view: zoom(store.state.view, { factor }, model) })
  find('zoom-in').addEventListener('click', by(0.5))
  find('zoom-out').addEventListener('click', by(2))
}

function findItem(lanes: readonly Lane[], name: string | undefined) {
  const [lane, kind, at] = (name ?? '').split('.')
  const found = lanes[Number(lane)]
  if (found === undefined) return undefined
  const bar = kind === 'b' ? found.bars[Number(at)] : undefined
  const point = kind === 'p' ? found.points[Number(at)] : undefined
  const item = bar ?? point
  return item === undefined ? undefined : { about: item.about, part: bar?.part ?? -1 }
}

function oncePerFrame(draw: () => void): () => void {
  let isAsked = false
  return () => {
    if (isAsked) return
    isAsked = true
    requestAnimationFrame(() => {
      isAsked = false
      draw()
    })
  }
}
