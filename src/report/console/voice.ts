import type { Event } from '../../event.ts'
import { loaderOf } from '../../lazy.ts'
import { guardCommands } from '../github.ts'
import type { Names } from '../names.ts'
import type { Screen } from '../screen.ts'
import { createLineOutput, createPrefix, createSpaced } from './output.ts'
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

const { lazily } = loaderOf(import.meta.url)
const createLiveVoice = lazily<typeof import('./live.ts')>('./live')('createLiveVoice')
const createGroups = lazily<typeof import('./groups.ts')>('./groups')('createGroups')

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
