import { resolve } from 'node:path'
import { callSite } from '../call-site.ts'
import { type Duration, milliseconds } from '../duration.ts'
import { emit } from '../event.ts'
import { describeWord, render, type Word } from '../reference.ts'
import { type Command, createCommand } from '../shell/command.ts'
import { quote } from '../shell/quote.ts'
import type { Control } from './control.ts'
import type { Capability, Copying, Handle, Network } from './driver.ts'
import { runningHandle } from './readings.ts'
import { requireCapability } from './signals.ts'

/** What can be done where a program runs. A driver that cannot do it is named in a UsageError. */
export interface InsideVerbs {
  /** Runs a command beside the program at once: in its folder, with its environment, as its user. Awaited like `$`. */
  exec(...words: readonly Word[]): Command
  /** Copies a file or a folder to where it runs; `there` is relative to its folder. */
  copyIn(here: string, there: string): Promise<void>
  /** Copies a file or a folder from where it runs. */
  copyOut(there: string, here: string): Promise<void>
  /** Takes it off its network: nobody reaches it, and it reaches nobody, until `heal` or its next start. */
  cut(): Promise<void>
  /** Lets all that it sends be late by so much, until `heal` or its next start. */
  delay(by: Duration): Promise<void>
  /** Gives it its network back as it was. */
  heal(): Promise<void>
}

/** The verbs of a service that runs. */
export function createInsideVerbs(control: Control): InsideVerbs {
  const { name, driver } = control
  const copying = (): Copying => must(control, 'copy', ({ copy }) => copy)
  const network = (): Network => must(control, 'network', (handle) => handle.network)
  const faults = new Set<string>()
  const begin = (what: string) => {
    faults.add(what)
    emit({ kind: 'fault', what, active: true })
  }
  return {
    exec(...words) {
      const run = must(control, 'exec', ({ exec }) => exec)
      const rendered = words.map((word) => render(word, driver.viewer))
      const line = (texts: readonly string[]) => `${name}: ${texts.map((text) => quote(text)).join(' ')}`
      const told = { line: line(rendered), name: line(words.map(describeWord)), at: callSite() }
      return createCommand(told, (signal) => run(rendered, signal))
    },
    copyIn: async (here, there) => copying().in(resolve(here), there),
    copyOut: async (there, here) => copying().out(there, resolve(here)),
    async cut() {
      await network().cut()
      begin(`${name} is cut off its network`)
    },
    async delay(by) {
      await network().delay(milliseconds(by))
      begin(`what ${name} sends is late`)
    },
    async heal() {
      await network().heal()
      for (const what of faults) emit({ kind: 'fault', what, active: false })
      faults.clear()
    },
  }
}

function must<T>(control: Control, capability: Capability, find: (handle: Handle) => T | undefined): T {
  requireCapability(control, capability)
  const found = find(runningHandle(control))
  if (found !== undefined) return found
  throw new TypeError(`the ${control.driver.name} driver says that it has ${capability}, and has not`)
}
