import { createRequire } from 'node:module'

type Functions<Module> = {
  [Name in keyof Module]: Module[Name] extends (...args: never[]) => unknown ? Name : never
}[keyof Module]

/** What loads modules at once, without a promise, for the module that asks: paths are from its folder, without an ending. */
export interface Loader {
  /** A module, loaded now. */
  load<Module extends object>(path: string): Module
  /** The functions of a module that is loaded when one of them is called. */
  lazily<Module extends object>(path: string): <Name extends Functions<Module>>(name: Name) => Module[Name]
}

/** The loader of a module, by its `import.meta.url`. What it loads is what `import` gives: there is one of each module. */
export function loaderOf(url: string): Loader {
  const require = createRequire(url)
  // `.ts` here, `.js` in the package that was built.
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'))

  function load<Module extends object>(path: string): Module {
    return require(`${path}${ending}`)
  }

  function lazily<Module extends object>(path: string) {
    return <Name extends Functions<Module>>(name: Name): Module[Name] => {
      const call = (...args: unknown[]) => {
        const made: unknown = load<Module>(path)[name]
        if (typeof made !== 'function') throw new TypeError(`${path} has no function ${String(name)}`)
        return made(...args)
      }
      return call as Module[typeof name] // it does what that function does
    }
  }

  return { load, lazily }
}
