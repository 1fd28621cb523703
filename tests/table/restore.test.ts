import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeltaTable, integer, string, struct } from '../../src/index.js'
import { openLocal, type Place } from './places.js'

const Item = struct({ n: integer(), note: string() })

describe('restore', () => {
  let place: Place & { readonly folder: string }
  beforeAll(async () => {
    place = await openLocal()
  })
  afterAll(() => place.close())

  /** Version 1: rows 1 and 2; version 2: overwritten by row 3, with another schema. */
  async function broken(): Promise<DeltaTable> {
    const table = await DeltaTable.create(place.url(), { schema: Item })
    await table.append([
      { n: 1, note: 'one' },
      { n: 2, note: 'two' },
    ])
    await table.overwrite([{ n: 3 }] as never, { overwriteSchema: true, schema: struct({ n: integer() }) })
    return DeltaTable.open(table.url)
  }

  it('brings rows and schema back by a new commit', async () => {
    const table = await broken()
    const result = await table.restore({ version: 1 })
    expect(result).toEqual({
      version: 3,
      operation: 'RESTORE',
      metrics: {
        tableSizeAfterRestore: expect.any(Number),
        numOfFilesAfterRestore: 1,
        numRemovedFiles: 1,
        numRestoredFiles: 1,
        removedFilesSize: expect.any(Number),
        restoredFilesSize: expect.any(Number),
      },
    })
    expect(await table.rows()).toEqual([
      { n: 1, note: 'one' },
      { n: 2, note: 'two' },
    ])
    expect((await table.history({ limit: 1 }))[0]).toMatchObject({
      operation: 'RESTORE',
      operationParameters: { version: '1' },
    })
  })

  it('can itself be undone', async () => {
    const table = await broken()
    await table.restore({ version: 1 })
    await table.restore({ version: 2 })
    expect(await table.rows()).toEqual([{ n: 3 }])
  })

  it('goes to an instant', async () => {
    const table = await broken()
    const { timestamp } = await table.at({ version: 1 })
    await table.restore({ timestamp: new Date(Math.max(timestamp.getTime(), Date.now())) })
    expect(await table.rows()).toHaveLength(1)
  })

  it('only says what it would do on a dry run', async () => {
    const table = await broken()
    const result = await table.restore({ version: 1, dryRun: true })
    expect(result).toMatchObject({ version: 2, skipped: true, metrics: { numRestoredFiles: 1, numRemovedFiles: 1 } })
    expect((await table.refresh()).version).toBe(2)
  })

  it('has nothing to do for the version that the table is at', async () => {
    const table = await broken()
    expect(await table.restore({ version: 2 })).toMatchObject({ version: 2, skipped: true })
  })

  it('refuses when data files are gone, naming them, and changes nothing', async () => {
    const table = await broken()
    const paths: string[] = []
    for await (const { path } of await (await table.at({ version: 1 })).files()) paths.push(path)
    for (const path of paths) await rm(join(fileURLToPath(table.url), path))
    await expect(table.restore({ version: 1 })).rejects.toMatchObject({
      code: 'DataFileMissing',
      message: expect.stringContaining(paths[0] as string),
    })
    expect((await table.refresh()).version).toBe(2)
    expect(await table.rows()).toEqual([{ n: 3 }])
  })

  it('is done once for a txn, though it is asked for again', async () => {
    const table = await broken()
    const txn = { appId: 'rollback', version: 1 }
    expect(await table.restore({ version: 1, txn })).toMatchObject({ version: 3 })
    await table.append([{ n: 4, note: 'later' }])
    const again = await DeltaTable.open(table.url)
    expect(await again.restore({ version: 1, txn })).toMatchObject({ skipped: true })
    expect((await again.rows()).map(({ n }) => n).sort()).toEqual([1, 2, 4])
  })

  it('asks for a version or an instant', async () => {
    const table = await broken()
    await expect(table.restore({})).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(table.restore({ version: 9 })).rejects.toMatchObject({ code: 'VersionNotFound' })
  })
})
