import { ShakedownError, toError } from '../error.ts'
import { exitCodeFor } from '../run/exit.ts'

/** The exit code of a command; an error that it throws is told in the one format, and says the code. Never rejects. */
export async function tellErrors(act: () => Promise<number>): Promise<number> {
  // Whoever reads may go before all is said (`… | head`): the rest is for nobody.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.stderr.write(`cannot write to stdout: ${error.message}\n`)
  })
  try {
    return await act()
  } catch (thrown) {
    const error = toError(thrown)
    process.stderr.write(`${error instanceof ShakedownError ? error.message : error.stack}\n`)
    return exitCodeFor([error instanceof ShakedownError ? error.code : 'failed'])
  }
}
