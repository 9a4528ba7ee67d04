type Open = () => Promise<void>

let open: Open = async () => {}
let opened: Promise<void> | undefined

/** Says what is done before the first scenario, once: the entry opens a console there, or a way to tell the runner. */
export function openWith(how: Open): void {
  open = how
}

/** Resolves when everything is ready for a scenario; rejects for each of them when it cannot be. */
export function whenOpen(): Promise<void> {
  opened ??= open()
  return opened
}

let rejects = false

/** Lets scenarios reject with what made them fail: in another test runner there is nobody else who would tell it. */
export function rejectFailures(): void {
  rejects = true
}

/** True where a scenario that did not pass rejects. */
export function areFailuresRejected(): boolean {
  return rejects
}
