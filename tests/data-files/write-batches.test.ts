import type { RecordBatch } from 'apache-arrow'
import { beforeEach, describe, expect, it } from 'vitest'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import type { Row } from '../../src/arrow/row.js'
import { readScan } from '../../src/data-files/read-scan.js'
import { writeBatches } from '../../src/data-files/write-batches.js'
import type { WriteTarget } from '../../src/data-files/write-target.js'
import { DeltaError, isDeltaError } from '../../src/errors/delta-error.js'
import { objectSource } from '../../src/parquet/object-source.js'
import { openParquet } from '../../src/parquet/open-parquet.js'
import type { AddFile } from '../../src/protocol/actions/action.js'
import { systemRuntime } from '../../src/runtime/runtime.js'
import type { StructField, StructType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { MemoryStore } from '../../src/storage/memory-store.js'
import type { ObjectStore } from '../../src/storage/object-store.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { planOf } from '../support/plan-of.js'

let count = 0
let location: TableLocation

beforeEach(async () => {
  location = await openTableLocation(`memory://write-batches-${count++}`, {
    runtime: { ...systemRuntime, clock: { ...systemRuntime.clock, now: () => 1_700_000_000_000 } },
  })
})

async function* stream(...batches: RecordBatch[]): AsyncGenerator<RecordBatch> {
  yield* batches
}

async function keys(store: ObjectStore): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.list('')) found.push(key)
  return found
}

async function rowsOf(schema: StructType, target: WriteTarget, files: readonly AddFile[]): Promise<Row[]> {
  const rows: Row[] = []
  const { partitionColumns, configuration } = target
  for await (const batch of readScan(planOf(location, schema, files, { partitionColumns, configuration }))) {
    rows.push(...decodeRows(batch, schema))
  }
  return rows
}

const schema = parseSchemaText('id BIGINT NOT NULL, kind STRING, x DOUBLE')
const target: WriteTarget = { schema, partitionColumns: [], configuration: {} }

describe('writeBatches', () => {
  it('puts one file and says all that the log needs of it', async () => {
    const batch = encodeRows([{ id: 1, kind: 'a', x: 0.5 }, { id: 2 }], schema)
    const [file, ...more] = await writeBatches(location, target, stream(batch, batch))
    expect(more).toEqual([])
    expect(file).toMatchObject({
      type: 'add',
      partitionValues: {},
      dataChange: true,
      modificationTime: 1_700_000_000_000,
    })
    expect(file?.path).toMatch(/^part-00000-[0-9a-f-]{36}-c000\.snappy\.parquet$/)
    expect(JSON.parse(file?.stats ?? '')).toEqual({
      numRecords: 4,
      minValues: { id: 1, kind: 'a', x: 0.5 },
      maxValues: { id: 2, kind: 'a', x: 0.5 },
      nullCount: { id: 0, kind: 2, x: 2 },
    })
    expect((await location.store.head(file?.path ?? '')).size).toBe(file?.size)
  })

  it('writes nothing where there are no rows', async () => {
    expect(await writeBatches(location, target, stream(encodeRows([], schema)))).toEqual([])
    expect(await keys(location.store)).toEqual([])
  })

  it('makes a set of files a partition, whose columns are in the log and not in the files', async () => {
    const partitioned = { ...target, partitionColumns: ['kind'] }
    const rows = [
      { id: 1n, kind: 'a', x: 1 },
      { id: 2n, kind: null, x: 2 },
      { id: 3n, kind: 'b/ü %', x: 3 },
      { id: 4n, kind: 'a', x: 4 },
      { id: 5n, kind: '', x: 5 },
    ]
    const files = await writeBatches(location, partitioned, stream(encodeRows(rows, schema)))
    const byValue = new Map(files.map((file) => [file.partitionValues.kind, file]))
    expect([...byValue.keys()]).toEqual(['a', null, 'b/ü %'])
    const special = byValue.get('b/ü %') as AddFile
    expect(special.path).toMatch(/^kind=b%252F%C3%BC%20%2525\//)
    expect(await keys(location.store)).toContain(location.resolve(special.path).key)
    const { key } = location.resolve((byValue.get('a') as AddFile).path)
    const parquet = await openParquet(objectSource(location.store, key, (byValue.get('a') as AddFile).size))
    expect(parquet.schema.names).toEqual(['id', 'x'])
    const back = await rowsOf(schema, partitioned, files)
    expect(back).toEqual(expect.arrayContaining([rows[0], rows[1], rows[2], rows[3], { ...rows[4], kind: null }]))
  })

  it('starts a new file where one is big enough', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => ({ id: i, kind: `${Math.sin(i)}`, x: Math.cos(i) }))
    const batches = Array.from({ length: 10 }, (_, i) => encodeRows(rows.slice(i * 2000, i * 2000 + 2000), schema))
    const files = await writeBatches(
      location,
      { ...target, targetFileSize: 150_000, rowGroupRows: 2000 },
      stream(...batches),
    )
    expect(files.length).toBeGreaterThan(3)
    for (const { size } of files.slice(0, -1)) {
      expect(size).toBeGreaterThan(80_000)
      expect(size).toBeLessThan(300_000)
    }
    expect(await rowsOf(schema, target, files)).toHaveLength(20_000)
  })

  it('finishes files early rather than hold too much of many partitions', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({ id: i, kind: `k${i % 20}`, x: i }))
    const batches = Array.from({ length: 5 }, () => encodeRows(rows, schema))
    const partitioned = { ...target, partitionColumns: ['kind'] }
    const files = await writeBatches(location, partitioned, stream(...batches), { maxBufferedBytes: 40_000 })
    expect(files.length).toBeGreaterThan(20)
    expect(await rowsOf(schema, partitioned, files)).toHaveLength(10_000)
  })

  it('keeps physical names and ids where columns are mapped', async () => {
    const mapped = (name: string, id: number, field: Partial<StructField>): StructField =>
      ({
        name,
        nullable: true,
        metadata: { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': `col-${id}` },
        ...field,
      }) as StructField
    const inner = mapped('city', 3, { dataType: { type: 'string' } })
    const fields = [
      mapped('id', 1, { dataType: { type: 'long' } }),
      mapped('place', 2, { dataType: { type: 'struct', fields: [inner] } }),
      mapped('kind', 4, { dataType: { type: 'string' } }),
    ]
    const schema: StructType = { type: 'struct', fields }
    for (const mode of ['name', 'id']) {
      const target = { schema, partitionColumns: ['kind'], configuration: { 'delta.columnMapping.mode': mode } }
      const rows = [{ id: 1n, place: { city: 'Ulm' }, kind: 'a' }]
      const files = await writeBatches(location, target, stream(encodeRows(rows, schema)))
      expect(files[0]?.partitionValues).toEqual({ 'col-4': 'a' })
      expect(JSON.parse(files[0]?.stats ?? '').minValues).toEqual({ 'col-1': 1, 'col-2': { 'col-3': 'Ulm' } })
      const { key } = location.resolve(files[0]?.path ?? '')
      const parquet = await openParquet(objectSource(location.store, key, files[0]?.size ?? 0))
      expect(parquet.schema.fields.map(({ name, metadata }) => [name, metadata.get('PARQUET:field_id')])).toEqual([
        ['col-1', '1'],
        ['col-2', '2'],
      ])
      expect(await rowsOf(schema, target, files)).toEqual(rows)
    }
  })

  it.each([
    [{ 'delta.dataSkippingNumIndexedCols': '1' }, ['id']],
    [{ 'delta.dataSkippingNumIndexedCols': '0' }, []],
    [{ 'delta.dataSkippingNumIndexedCols': '-1' }, ['id', 'kind', 'x']],
    [{ 'delta.dataSkippingStatsColumns': '`X`, gone,kind' }, ['kind', 'x']],
  ])('keeps statistics of the columns that %j asks for', async (configuration, expected) => {
    const [file] = await writeBatches(
      location,
      { ...target, configuration },
      stream(encodeRows([{ id: 1, kind: 'a', x: 1 }], schema)),
    )
    expect(Object.keys(JSON.parse(file?.stats ?? '').nullCount)).toEqual(expected)
  })

  it('keeps no bounds of a column with NaN: readers would leave it out', async () => {
    const [file] = await writeBatches(
      location,
      target,
      stream(
        encodeRows(
          [
            { id: 1, x: Number.NaN },
            { id: 2, x: 1 },
          ],
          schema,
        ),
      ),
    )
    expect(JSON.parse(file?.stats ?? '')).toMatchObject({ minValues: { id: 1 }, maxValues: { id: 2 } })
    expect(JSON.parse(file?.stats ?? '')).not.toHaveProperty('minValues.x')
    expect(JSON.parse(file?.stats ?? '')).not.toHaveProperty('maxValues.x')
  })

  it('deletes what it put when the input fails', async () => {
    const small = { ...target, targetFileSize: 1, rowGroupRows: 1 }
    const batch = encodeRows([{ id: 1 }], schema)
    const failing = (async function* () {
      yield batch
      yield batch
      throw new Error('the input broke')
    })()
    await expect(writeBatches(location, small, failing)).rejects.toThrow('the input broke')
    expect(await keys(location.store)).toEqual([])
  })

  it('deletes what it put when the store fails', async () => {
    const store = new FailingStore()
    const failing = { ...location, store, resolve: (key: string) => ({ store, key }) }
    const batches = Array.from({ length: 6 }, () => encodeRows([{ id: 1 }], schema))
    const write = writeBatches(failing, { ...target, targetFileSize: 1, rowGroupRows: 1 }, stream(...batches))
    await expect(write).rejects.toSatisfy((error) => isDeltaError(error, 'StorageFull'))
    expect(await keys(store)).toEqual([])
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const batches = (async function* () {
      yield encodeRows([{ id: 1 }], schema)
      controller.abort()
      yield encodeRows([{ id: 2 }], schema)
    })()
    const write = writeBatches(location, target, batches, { signal: controller.signal })
    await expect(write).rejects.toSatisfy((error) => isDeltaError(error, 'Aborted'))
    expect(await keys(location.store)).toEqual([])
  })
})

/** Takes three objects and no more. */
class FailingStore extends MemoryStore {
  private puts = 0

  override put(...args: Parameters<MemoryStore['put']>): ReturnType<MemoryStore['put']> {
    if (this.puts++ < 3) return super.put(...args)
    return Promise.reject(new DeltaError('StorageFull', 'The store is full.'))
  }
}
