import { derive, type Reading } from 'shakedown'

interface Side {
  /** Where it is said: `the page`. */
  readonly name: string
  readonly lines: Reading<readonly string[]>
}

/** What only one of two sources says, each line with who says it: what a claim that they agree shows when they do not. */
export function disagreements(one: Side, other: Side): Reading<readonly string[]> {
  return derive(one.lines, `what ${one.name} and ${other.name} do not both say`, async (first) => {
    const second = await other.lines.read()
    return [
      ...first.filter((line) => !second.includes(line)).map((line) => `only ${one.name}: ${line}`),
      ...second.filter((line) => !first.includes(line)).map((line) => `only ${other.name}: ${line}`),
    ]
  })
}
