import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
/** `.ts` here, `.js` in the package that was built. */
const ENDING = import.meta.url.slice(import.meta.url.lastIndexOf('.'))

type Functions<Module> = {
  [Name in keyof Module]: Module[Name] extends (...args: never[]) => unknown ? Name : never
}[keyof Module]

/** A module, loaded now. Its path is from this folder, without an ending. */
export function load<Module extends object>(path: string): Module {
  return require(`${path}${ENDING}`)
}

/** The functions of a module that is loaded when one of them is called. */
export function lazily<Module extends object>(
  path: string,
): <Name extends Functions<Module>>(name: Name) => Module[Name] {
  return (name) => {
    const call = (...args: unknown[]) => {
      const made: unknown = load<Module>(path)[name]
      if (typeof made !== 'function') throw new TypeError(`${path} has no function ${String(name)}`)
      return made(...args)
    }
    return call as Module[typeof name] // it does what that function does
  }
}
