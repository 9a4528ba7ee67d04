import type { Screen } from '../screen.ts'
import { createLineOutput, createPrefix, createSpaced } from './output.ts'
import { createRegion } from './region.ts'
import { createStatus } from './status.ts'
import type { Voice, VoiceOptions } from './voice.ts'

const ROWS_FOR_BLANK = 16
/** Half a second: what is drawn counts whole seconds. */
const REDRAW_EVERY = 500

/** Lines that scroll, and below them a live region with what goes on. */
export function createLiveVoice(screen: Screen, options: VoiceOptions): Voice {
  const { style, names } = options
  const region = createRegion(screen)
  const spaced = createSpaced(region.write)
  const prefix = createPrefix(names, style)
  const status = createStatus(style, prefix)
  const draw = () => {
    const lines = status.lines(Date.now(), screen)
    // A blank line between what has happened and what goes on, where there is room for one.
    region.draw(lines.length > 0 && screen.rows >= ROWS_FOR_BLANK ? ['', ...lines] : lines)
  }
  const timer = setInterval(draw, REDRAW_EVERY)
  timer.unref()
  return {
    output: createLineOutput(spaced, prefix, () => screen.columns),
    isLive: true,
    write: spaced.write,
    close: () => {},
    hear(event) {
      status.hear(event)
      if (event.kind !== 'log') draw()
    },
    end() {
      clearInterval(timer)
      region.clear()
    },
  }
}
