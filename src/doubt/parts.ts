import { isRecord } from './lies-value.ts'

/** The same object, which notes which of its parts are looked at; anything else as it is. */
export function watchParts<T>(value: T, note: (part: string) => void): T {
  if (!isRecord(value)) return value
  const watched = {}
  for (const name of Object.keys(value)) {
    Object.defineProperty(watched, name, {
      enumerable: true,
      get() {
        note(name)
        return Reflect.get(value, name)
      },
    })
  }
  return watched as T // the same parts under the same names
}
