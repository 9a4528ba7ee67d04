import { createInterface, emitKeypressEvents, type Key } from 'node:readline'

/** What is typed, until it is closed. */
export interface Input {
  close(): void
}

const KEYS: ReadonlySet<string> = new Set(['a', 'r', 'q'])

/**
 * Calls with what is typed, as lines: from a terminal each key is one (`f` asks for its text first, Enter is an empty one),
 * from elsewhere lines are. Ctrl-C and Ctrl-D are what they are everywhere. `over` is called once, when no more comes.
 */
export function hearKeys(call: (line: string) => void, over: () => void): Input {
  return process.stdin.isTTY ? hearTerminal(call, over) : hearLines(call, over)
}

function hearLines(call: (line: string) => void, over: () => void): Input {
  const lines = createInterface({ input: process.stdin })
  lines.on('line', (line) => call(line.trim()))
  lines.once('close', over)
  return lines
}

function hearTerminal(call: (line: string) => void, over: () => void): Input {
  const { stdin } = process
  let isAsking = false
  const close = () => {
    stdin.off('keypress', press).off('end', close).setRawMode(false)
    over()
  }
  const press = (text: string | undefined, { name, ctrl }: Key) => {
    if (isAsking) return
    // In raw mode the terminal itself sends no signal: everybody in the foreground is told, as it would have done.
    if (ctrl === true && name === 'c') process.kill(0, 'SIGINT')
    else if (ctrl === true && name === 'd') close()
    else if (name === 'f') void ask()
    else if (name === 'return' || name === 'enter') call('')
    else if (name !== undefined && KEYS.has(name)) call(name)
    else if (text !== undefined) call(text)
  }
  const ask = async () => {
    isAsking = true
    stdin.setRawMode(false)
    const lines = createInterface({ input: stdin, output: process.stdout, terminal: true })
    lines.question('titles with: ', (answer) => {
      lines.close()
      isAsking = false
      stdin.setRawMode(true).resume()
      call(`f ${answer}`.trim())
    })
    lines.once('SIGINT', () => process.kill(0, 'SIGINT'))
  }
  emitKeypressEvents(stdin)
  stdin.on('keypress', press).once('end', close).setRawMode(true).resume()
  return { close }
}
