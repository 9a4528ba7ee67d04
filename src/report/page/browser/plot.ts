import uPlot from 'uplot'
import { colorOf } from './dom.ts'
import { formatMoment } from './time.ts'

/** A line of a plot. */
export interface Line {
  readonly label: string
  /** A colour of the style sheet. */
  readonly color: string
  readonly values: readonly (number | null)[]
  readonly isStep?: boolean
  /** On an axis of its own, at the right side, in milliseconds. */
  readonly isLatency?: boolean
}

/** What is plotted over time, in milliseconds since the run began. */
export interface PlotData {
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  /** A value that was expected, as a dashed line. */
  readonly expected?: number | undefined
}

const HEIGHT = 130

/** Draws a plot into the element. All plots of a step show the same moment under the pointer. */
export function drawPlot(element: HTMLElement, data: PlotData): uPlot {
  const muted = colorOf('muted')
  const grid = { stroke: colorOf('line'), width: 1 }
  const axis = { stroke: muted, grid, ticks: { show: false }, font: '11px system-ui, sans-serif' }
  const expected = data.expected === undefined ? [] : [expectedLine(data.times, data.expected)]
  const lines = [...data.lines, ...expected]
  const hasLatency = lines.some(({ isLatency }) => isLatency === true)
  const latency = { ...axis, scale: 'ms', side: 1 as const, size: 56, grid: { show: false } }
  return new uPlot(
    {
      width: Math.max(200, element.clientWidth),
      height: HEIGHT,
      scales: { x: { time: false } },
      cursor: { sync: { key: 'step' }, drag: { x: false, y: false } },
      legend: { live: true },
      axes: [
        { ...axis, size: 24, space: 80, values: (_, times) => times.map(formatMoment) },
        { ...axis, size: 56 },
        ...(hasLatency
          ? [{ ...latency, values: (_: uPlot, all: number[]) => all.map((one) => `${one} ms`) }]
          : []),
      ],
      series: [
        { label: 'time', value: (_, time) => (time === null ? '–' : formatMoment(time)) },
        ...lines.map(seriesOf),
      ],
    },
    [[...data.times], ...lines.map(({ values }) => [...values])],
    element,
  )
}

function expectedLine(times: readonly number[], value: number): Line {
  return { label: 'expected', color: 'muted', values: times.map(() => value) }
}

function seriesOf({ label, color, isStep, isLatency }: Line): uPlot.Series {
  const stepped = uPlot.paths.stepped?.({ align: 1 })
  return {
    label,
    stroke: colorOf(color),
    width: 1.5,
    scale: isLatency === true ? 'ms' : 'y',
    points: { show: isStep === true, size: 4 },
    ...(isStep === true && stepped !== undefined ? { paths: stepped } : {}),
    ...(label === 'expected' ? { dash: [4, 4], points: { show: false } } : {}),
  }
}
