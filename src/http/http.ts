import type { Reference } from '../reference.ts'
import { createExchange, type Exchange, type RequestBody, type RequestOptions } from './exchange.ts'
import type { Door } from './send.ts'

/** Whatever answers HTTP: requests to it are described as values, and sent by an expectation, `send` or `traffic`. */
export interface Http {
  get(path: string, request?: RequestOptions): Exchange
  post(path: string, request?: RequestOptions & RequestBody): Exchange
  put(path: string, request?: RequestOptions & RequestBody): Exchange
  patch(path: string, request?: RequestOptions & RequestBody): Exchange
  delete(path: string, request?: RequestOptions & RequestBody): Exchange
  /** The same server through another door: with a client certificate, trusting another authority. */
  client(door?: Door): Http
  /** Where it is, without a path. */
  readonly [address]: Reference<string>
}

/** The key under which something that speaks HTTP tells its address. */
export const address: unique symbol = Symbol('shakedown.address')

/** Speaks HTTP with the server at `base`, a reference to `http://host:port`. */
export function createHttp(base: Reference<string>, door?: Door): Http {
  const describe =
    (method: string) =>
    (path: string, request: RequestOptions & RequestBody = {}): Exchange =>
      createExchange({ ...request, method, path, base, door })
  return {
    get: describe('GET'),
    post: describe('POST'),
    put: describe('PUT'),
    patch: describe('PATCH'),
    delete: describe('DELETE'),
    client: (other) => createHttp(base, other),
    [address]: base,
  }
}
