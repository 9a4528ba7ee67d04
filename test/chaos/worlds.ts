import { openWorld } from '../../scripts/chaos/world.ts'

/** Why what needs a world of its own cannot run here, false where it can. */
export async function withoutWorlds(): Promise<string | false> {
  try {
    await using _ = await openWorld()
    return false
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
