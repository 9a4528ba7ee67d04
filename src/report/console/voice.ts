import type { Event } from '../../event.ts'
import { guardCommands } from '../github.ts'
import type { Names } from '../names.ts'
import type { Screen } from '../screen.ts'
import { createGroups } from './groups.ts'
import { createLineOutput, createPrefix, createSpaced } from './output.ts'
import { createRegion } from './region.ts'
import { createStatus } from './status.ts'
import type { Style } from './style.ts'
import type { Output } from './tree.ts'

/** The way in which a console speaks: lines that scroll, a live region below them, or groups. */
export interface Voice {
  readonly output: Output
  /** True where the present is shown in a live region, so that no line has to tell it. */
  readonly isLive: boolean
  hear(event: Event): void
  /** Text that belongs to no script. */
  write(text: string): void
  /** A scenario ended: `title` stands above it where scenarios are groups. */
  close(script: string, scenario: string, title: string): void
  /** Nothing more will happen. */
  end(): void
}

/** What a voice speaks with; `live` asks for a live region where the screen can have one. */
export interface VoiceOptions {
  readonly style: Style
  readonly names: Names
  readonly live: boolean
  readonly github: boolean
  /** Ends GitHub's obedience; a random one where it is not given. */
  readonly token?: string | undefined
}

const ROWS_FOR_BLANK = 16
/** Half a second: what is drawn counts whole seconds. */
const REDRAW_EVERY = 500

/** The voice that fits the screen and the options. */
export function createVoice(screen: Screen, options: VoiceOptions): Voice {
  if (options.github) return createGroupVoice(screen, options)
  if (options.live && screen.isTTY) return createLiveVoice(screen, options)
  return createPlainVoice(screen, options)
}

function createPlainVoice(screen: Pick<Screen, 'write'>, { names, style }: VoiceOptions): Voice {
  const spaced = createSpaced((text) => screen.write(text))
  return {
    output: createLineOutput(spaced, createPrefix(names, style)),
    isLive: false,
    hear: () => {},
    write: spaced.write,
    close: () => {},
    end: () => {},
  }
}

function createLiveVoice(screen: Screen, options: VoiceOptions): Voice {
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

function createGroupVoice(screen: Screen, options: VoiceOptions): Voice {
  const guard = (text: string) => guardCommands(text, options.token)
  const groups = createGroups(screen, { guard, prefix: createPrefix(options.names, options.style) })
  return {
    ...createPlainVoice(screen, options),
    output: groups,
    write: (text) => screen.write(guard(text)),
    close: groups.close,
    end: groups.closeAll,
  }
}
