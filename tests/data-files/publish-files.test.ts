import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { publishFiles } from '../../src/data-files/publish-files.js'
import type { WriteTarget, WrittenFile } from '../../src/data-files/write-target.js'
import { encodeParquet } from '../../src/parquet/encode-parquet.js'
import type { ObservedEvent } from '../../src/runtime/observer.js'
import { systemRuntime } from '../../src/runtime/runtime.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'

const stored = parseSchemaText('id BIGINT')
const schema = parseSchemaText('id BIGINT, kind STRING')
const target: WriteTarget = { schema, partitionColumns: ['kind'], configuration: {} }
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lakewright-publish-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function written(name: string, kind: string | null): Promise<WrittenFile> {
  const batch = encodeRows([{ id: 1 }, { id: 2 }], stored)
  const bytes = await encodeParquet([batch], { schema: batch.schema })
  const localPath = join(folder, name)
  await writeFile(localPath, bytes)
  return { localPath, size: bytes.byteLength, numRows: 2, partitionValues: { kind } }
}

describe('publishFiles', () => {
  it.each(['memory://publish', 'a local folder'])(
    'puts files under the folders of their partitions: %s',
    async (url) => {
      const requests: ObservedEvent[] = []
      const runtime = { ...systemRuntime, observer: { on: (event: ObservedEvent) => requests.push(event) } }
      const root = url.startsWith('memory') ? url : pathToFileURL(join(folder, 'table')).href
      const location = await openTableLocation(root, { runtime })
      const files = [await written('a', 'x y'), await written('b', null)]
      const added = await publishFiles(location, target, files, { dataChange: false })
      expect(added.map(({ partitionValues, dataChange }) => [partitionValues, dataChange])).toEqual([
        [{ kind: 'x y' }, false],
        [{ kind: null }, false],
      ])
      expect(added[0]?.path).toMatch(/^kind=x%20y\/part-/)
      expect(added[1]?.path).toMatch(/^kind=__HIVE_DEFAULT_PARTITION__\/part-/)
      expect(JSON.parse(added[0]?.stats ?? '')).toMatchObject({
        numRecords: 2,
        minValues: { id: 1 },
        maxValues: { id: 2 },
      })
      expect(requests.filter((event) => event.type === 'request' && event.method === 'get')).toEqual([])
      for (const { path, size } of added) {
        const { store, key } = location.resolve(path)
        expect((await store.head(key)).size).toBe(size)
      }
    },
  )

  it('leaves nothing behind when one of the files cannot be read', async () => {
    const location = await openTableLocation('memory://publish-failing')
    const files = [await written('a', 'x'), { ...(await written('b', 'y')), localPath: join(folder, 'gone') }]
    await expect(publishFiles(location, target, files)).rejects.toThrow()
    const keys: string[] = []
    for await (const { key } of location.store.list('')) keys.push(key)
    expect(keys).toEqual([])
  })
})
