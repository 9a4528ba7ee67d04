/** What the flags of a command line say, as far as they matter here. */
interface Given {
  has(flag: string): boolean
}

/** Gives the environment of the scripts. */
export async function prepare(given: Given): Promise<Readonly<Record<string, string>>> {
  return given.has('no-redis') ? { SHAKEDOWN_NO_REDIS: '1' } : {}
}
