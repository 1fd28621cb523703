import { createHash } from 'node:crypto'
import type { ObjectMeta, ObjectStore } from '../../../src/storage/object-store.js'

/** Answers a store with an empty root of its own. */
export type OpenStore = () => Promise<ObjectStore>

export const text: (value: string) => Uint8Array = (value: string): Uint8Array => new TextEncoder().encode(value)
export const read: (bytes: Uint8Array) => string = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
export const hash: (bytes: Uint8Array) => string = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

export const inByteOrder: (keys: readonly string[]) => string[] = (keys: readonly string[]): string[] =>
  keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

export async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield text(part)
}

export async function keysOf(store: ObjectStore, prefix: string, startAfter?: string): Promise<string[]> {
  const options = startAfter === undefined ? {} : { startAfter }
  return (await collect(store.list(prefix, options))).map(({ key }) => key)
}

export async function collect(listing: AsyncIterable<ObjectMeta>): Promise<ObjectMeta[]> {
  const objects: ObjectMeta[] = []
  for await (const object of listing) objects.push(object)
  return objects
}
