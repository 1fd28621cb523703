import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StorageOptions } from '../../src/index.js'
import { startS3Server } from '../support/s3-server/start-s3-server.js'

/** Somewhere tables can be. */
export interface Place {
  /** A URL where no table is yet. */
  url(): string
  readonly storage: StorageOptions
  close(): Promise<void>
}

let opened = 0

/** The three kinds of storage, by name; each opens a fresh place. */
export const PLACES: readonly (readonly [name: string, open: () => Promise<Place>])[] = [
  ['in memory', openMemory],
  ['on a local disk', openLocal],
  ['on S3', openS3],
]

export async function openMemory(): Promise<Place> {
  return { url: () => `memory://tables/t-${process.pid}-${opened++}`, storage: {}, close: async () => undefined }
}

/** A temporary folder with a space and an umlaut in its name. */
export async function openLocal(): Promise<Place & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'lakewright täble '))
  return {
    folder,
    url: () => join(folder, `t ${opened++}`),
    storage: {},
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

export async function openS3(): Promise<Place> {
  const server = await startS3Server()
  return { url: () => server.tableUrl(`t-${opened++}`), storage: server.options, close: () => server.close() }
}
