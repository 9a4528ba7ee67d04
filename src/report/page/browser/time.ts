/** Milliseconds as people write them: `7 ms`, `480 ms`, `5.0 s`, `2 m 05 s`. */
export function formatSpan(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(milliseconds < 9995 ? 2 : 1)} s`
  const seconds = Math.round(milliseconds / 1000)
  const rest = `${Math.floor(seconds / 60) % 60} m ${String(seconds % 60).padStart(2, '0')} s`
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)} h ${rest}`
}

/** A moment of the run, to the millisecond: `12.345`, `1:02.345`. */
export function formatMoment(milliseconds: number): string {
  const sign = milliseconds < 0 ? '-' : ''
  const whole = Math.abs(Math.round(milliseconds))
  const seconds = `${Math.floor(whole / 1000) % 60}.${String(whole % 1000).padStart(3, '0')}`
  const minutes = Math.floor(whole / 60_000)
  return minutes === 0 ? `${sign}${seconds}` : `${sign}${minutes}:${seconds.padStart(6, '0')}`
}

const STEPS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000,
]
const LONG_STEPS: readonly number[] = [60, 120, 300, 600, 1800, 3600, 7200, 21_600].map((each) => each * 1000)

/** Round moments between two times, at most so many, and how they are written. */
export function ticksOf(
  view: { readonly from: number; readonly to: number },
  most: number,
): readonly { readonly time: number; readonly text: string }[] {
  const span = view.to - view.from
  const step = [...STEPS, ...LONG_STEPS].find((each) => span / each <= most) ?? 86_400_000
  const first = Math.ceil(view.from / step)
  const count = Math.max(0, Math.floor(view.to / step) - first + 1)
  return Array.from({ length: count }, (_, index) => {
    const time = (first + index) * step
    return { time, text: formatTick(time, step) }
  })
}

function formatTick(time: number, step: number): string {
  const seconds = time / 1000
  if (Math.abs(seconds) < 60) {
    const digits = step >= 1000 ? 0 : step >= 100 ? 1 : step >= 10 ? 2 : 3
    return `${seconds.toFixed(digits)} s`
  }
  return step >= 1000 ? formatMoment(time).slice(0, -4) : formatMoment(time)
}
