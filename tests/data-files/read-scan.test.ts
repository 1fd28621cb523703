import type { RecordBatch } from 'apache-arrow'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import type { Row } from '../../src/arrow/row.js'
import { readScan } from '../../src/data-files/read-scan.js'
import { writeBatches } from '../../src/data-files/write-batches.js'
import type { WriteTarget } from '../../src/data-files/write-target.js'
import { isDeltaError } from '../../src/errors/delta-error.js'
import { col } from '../../src/expressions/column-builder.js'
import type { Predicate } from '../../src/expressions/predicate.js'
import { encodeParquet } from '../../src/parquet/encode-parquet.js'
import type { AddFile, DeletionVectorDescriptor } from '../../src/protocol/actions/action.js'
import { deletionVectorFile, inlineDeletionVector } from '../../src/protocol/deletion-vector/deletion-vector-file.js'
import { deletionVectorPath } from '../../src/protocol/deletion-vector/deletion-vector-path.js'
import { RowSet } from '../../src/protocol/deletion-vector/row-set.js'
import type { ObservedEvent } from '../../src/runtime/observer.js'
import { systemRuntime } from '../../src/runtime/runtime.js'
import type { StructField, StructType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { openTableLocation } from '../../src/storage/open-table-location.js'
import type { TableLocation } from '../../src/storage/table-location.js'
import { type PlanOptions, planOf } from '../support/plan-of.js'

let count = 0
let location: TableLocation
let requests: ObservedEvent[] = []

beforeEach(async () => {
  requests = []
  location = await openTableLocation(`memory://read-scan-${count++}`, {
    runtime: { ...systemRuntime, observer: { on: (event) => requests.push(event) } },
  })
})

/** Puts a data file with the columns of a schema as they are, and describes it. */
async function put(
  schema: StructType,
  rows: readonly object[],
  more: Partial<AddFile> = {},
  rowGroupRows = 1000,
): Promise<AddFile> {
  const batch = encodeRows(rows, schema)
  const bytes = await encodeParquet([batch], { schema: batch.schema, rowGroupRows })
  const path = `file-${count++}.parquet`
  await location.store.put(path, bytes, { mode: 'create' })
  return {
    type: 'add',
    path,
    partitionValues: {},
    size: bytes.byteLength,
    modificationTime: 0,
    dataChange: true,
    ...more,
  }
}

async function scanned(schema: StructType, files: readonly AddFile[], options: PlanOptions = {}): Promise<Row[]> {
  const plan = planOf(location, schema, files, options)
  const rows: Row[] = []
  for await (const batch of readScan(plan)) rows.push(...decodeRows(batch, plan.schema))
  return rows
}

const numbers = parseSchemaText('id BIGINT')
const ids = (rows: readonly Row[]): unknown[] => rows.map(({ id }) => Number(id))
const upTo = (end: number): { id: number }[] => Array.from({ length: end }, (_, id) => ({ id }))
/** What the files of a table scan must answer, by the condition. */
const where = (condition: Predicate): PlanOptions => ({ where: condition })

describe('the columns of a data file', () => {
  it('are found in any order and case; what is missing is null', async () => {
    const file = await put(parseSchemaText('EXTRA INT, s STRUCT<B: INT, gone: INT, a: STRING>, ID BIGINT'), [
      { EXTRA: 1, s: { B: 2, gone: 3, a: 'x' }, ID: 7 },
    ])
    const schema = parseSchemaText(
      'id BIGINT, s STRUCT<a: STRING, b: INT, later: ARRAY<INT>>, later MAP<STRING, DATE>, v VARIANT',
    )
    expect(await scanned(schema, [file])).toEqual([{ id: 7n, s: { a: 'x', b: 2, later: null }, later: null, v: null }])
  })

  it('may be void', async () => {
    const file = await put(numbers, [{ id: 1 }])
    const fields: StructField[] = [
      ...numbers.fields,
      { name: 'nothing', dataType: { type: 'void' }, nullable: true, metadata: {} },
    ]
    expect(await scanned({ type: 'struct', fields }, [file])).toEqual([{ id: 1n, nothing: null }])
  })

  it.each([
    ['TINYINT', [-128, 127], 'SMALLINT', [-128, 127]],
    ['TINYINT', [-128], 'INT', [-128]],
    ['SMALLINT', [-32768], 'INT', [-32768]],
    ['TINYINT', [1], 'BIGINT', [1n]],
    ['INT', [-2147483648], 'BIGINT', [-2147483648n]],
    ['SMALLINT', [7], 'DOUBLE', [7]],
    ['INT', [2147483647], 'DOUBLE', [2147483647]],
    ['FLOAT', [0.5, null], 'DOUBLE', [0.5, null]],
    ['DECIMAL(5,2)', ['123.45'], 'DECIMAL(20,5)', ['123.45000']],
    ['DECIMAL(18,2)', ['-0.01'], 'DECIMAL(38,2)', ['-0.01']],
    ['INT', [42], 'DECIMAL(12,2)', ['42.00']],
    ['BIGINT', [-9n], 'DECIMAL(20,0)', ['-9']],
    ['DATE', ['1969-12-31'], 'TIMESTAMP_NTZ', ['1969-12-31T00:00:00.000000']],
  ])('that were stored as %s are read in a wider type, nested too', async (from, values, to, expected) => {
    const file = await put(
      parseSchemaText(`c ${from}, a ARRAY<${from}>, m MAP<STRING, ${from}>, s STRUCT<f: ${from}>`),
      values.map((c) => ({ c, a: [c], m: { k: c }, s: { f: c } })),
    )
    const schema = parseSchemaText(`c ${to}, a ARRAY<${to}>, m MAP<STRING, ${to}>, s STRUCT<f: ${to}>`)
    expect(await scanned(schema, [file])).toEqual(
      expected.map((c) => ({ c, a: [c], m: new Map([['k', c]]), s: { f: c } })),
    )
  })

  it('are found by physical name or by id where columns are mapped, after renames and drops too', async () => {
    const field = (name: string, id: number, physical: string): StructField => ({
      name,
      dataType: { type: 'long' },
      nullable: true,
      metadata: { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': physical },
    })
    const written: StructType = { type: 'struct', fields: [field('a', 1, 'col-1'), field('b', 2, 'col-2')] }
    // Renamed: a is b now, the old b was dropped.
    const renamed: StructType = { type: 'struct', fields: [field('b', 1, 'col-1'), field('c', 3, 'b')] }
    for (const mode of ['name', 'id']) {
      const configuration = { 'delta.columnMapping.mode': mode }
      const target: WriteTarget = { schema: written, partitionColumns: [], configuration }
      const files = await writeBatches(location, target, one(encodeRows([{ a: 1, b: 2 }], written)))
      expect(await scanned(renamed, files, { configuration })).toEqual([{ b: 1n, c: null }])
    }
  })

  it('that do not fit the table are CorruptData with the file and the column', async () => {
    const file = await put(parseSchemaText('id STRING'), [{ id: 'x' }])
    await expect(scanned(numbers, [file])).rejects.toSatisfy(
      (error) =>
        isDeltaError(error, 'CorruptData') && error.details.column === 'id' && error.message.includes(file.path),
    )
  })
})

describe('partition values', () => {
  it('of every type come from the log, even where the file has a column of the name', async () => {
    const types =
      'b BOOLEAN, t TINYINT, l BIGINT, d DOUBLE, c DECIMAL(5,2), s STRING, day DATE, at TIMESTAMP, local TIMESTAMP_NTZ, raw BINARY'
    const schema = parseSchemaText(`id BIGINT, ${types}`)
    const partitionColumns = schema.fields.slice(1).map(({ name }) => name)
    const texts = [
      'true',
      '-1',
      '9223372036854775807',
      '1.5',
      '-0.05',
      'ä/b',
      '1969-12-31',
      '2026-01-01 00:00:00.000001',
      '1969-12-31 23:59:59',
      'abc',
    ]
    const partitionValues = Object.fromEntries(partitionColumns.map((name, i) => [name, texts[i] as string]))
    const file = await put(
      parseSchemaText('id BIGINT, s STRING'),
      [
        { id: 1, s: 'from the file' },
        { id: 2, s: 'from the file' },
      ],
      { partitionValues },
    )
    const [first, second] = await scanned(schema, [file], { partitionColumns })
    expect(second).toEqual({ ...first, id: 2n })
    expect(first).toMatchObject({
      b: true,
      t: -1,
      l: 9223372036854775807n,
      d: 1.5,
      c: '-0.05',
      s: 'ä/b',
      day: '1969-12-31',
    })
    expect(first).toMatchObject({ at: new Date('2026-01-01T00:00:00.000Z'), local: '1969-12-31T23:59:59.000000' })
    expect(first?.raw).toEqual(Uint8Array.of(97, 98, 99))
    const nothing = { partitionValues: Object.fromEntries(partitionColumns.map((name) => [name, null])) }
    const [empty] = await scanned(schema, [{ ...file, ...nothing }], { partitionColumns })
    expect(Object.values(empty as Row).filter((value) => value !== null)).toEqual([1n])
  })

  it('alone need no bytes of the file but its footer', async () => {
    const file = await put(parseSchemaText('id BIGINT'), upTo(5000), { partitionValues: { p: 'x' } })
    requests = []
    const schema = parseSchemaText('id BIGINT, p STRING')
    const rows = await scanned(schema, [file], { partitionColumns: ['p'], columns: ['p'] })
    expect(rows).toEqual(Array(5000).fill({ p: 'x' }))
    expect(requests).toHaveLength(1)
  })
})

describe('deletion vectors', () => {
  it('hide rows by their position in the file, over row groups', async () => {
    const rows = RowSet.of([0, 9, 10, 11, 24])
    const file = await put(numbers, upTo(25), { deletionVector: inlineDeletionVector(rows) }, 10)
    expect(ids(await scanned(numbers, [file]))).toEqual(
      upTo(25)
        .map(({ id }) => id)
        .filter((id) => !rows.has(id)),
    )
  })

  it('count positions over row groups that are skipped', async () => {
    const file = await put(numbers, upTo(30), { deletionVector: inlineDeletionVector(RowSet.of([5, 22])) }, 10)
    expect(ids(await scanned(numbers, [file], where(col('id').ge(20))))).toEqual([20, 21, 23, 24, 25, 26, 27, 28, 29])
  })

  it('are read from a file of the table', async () => {
    const { bytes, descriptors } = deletionVectorFile([RowSet.of([1]), RowSet.of([0, 2])], systemRuntime.uuid())
    const [first, second] = descriptors as [DeletionVectorDescriptor, DeletionVectorDescriptor]
    const { key } = location.resolve(deletionVectorPath(first) as string)
    await location.store.put(key, bytes, { mode: 'create' })
    const files = [
      await put(numbers, upTo(3), { deletionVector: first }),
      await put(numbers, upTo(3), { deletionVector: second }),
    ]
    expect(ids(await scanned(numbers, files))).toEqual([0, 2, 1])
  })

  it('that are gone or damaged are errors', async () => {
    const { bytes, descriptors } = deletionVectorFile([RowSet.of([1])], systemRuntime.uuid())
    const [deletionVector] = descriptors as [DeletionVectorDescriptor]
    const file = await put(numbers, upTo(3), { deletionVector })
    const { key } = location.resolve(deletionVectorPath(deletionVector) as string)
    await expect(scanned(numbers, [file])).rejects.toSatisfy((error) => isDeltaError(error, 'DataFileMissing'))
    const flipped = bytes.map((byte, i) => (i === 12 ? byte ^ 1 : byte))
    await location.store.put(key, flipped, { mode: 'create' })
    await expect(scanned(numbers, [file])).rejects.toSatisfy((error) => isDeltaError(error, 'CorruptData'))
  })

  it('of files whose size in the log is wrong are applied to the whole file', async () => {
    const file = await put(numbers, upTo(3), { deletionVector: inlineDeletionVector(RowSet.of([1])) })
    for (const size of [0, 10, file.size - 1, file.size + 1, 10 * file.size]) {
      expect(ids(await scanned(numbers, [{ ...file, size }]))).toEqual([0, 2])
    }
  })

  it('may name rows behind the last one of the file, as other readers let them', async () => {
    const file = await put(numbers, upTo(3), { deletionVector: inlineDeletionVector(RowSet.of([1, 3, 2 ** 33])) })
    expect(ids(await scanned(numbers, [file]))).toEqual([0, 2])
  })
})

describe('a predicate', () => {
  it('fetches only row groups that can match', async () => {
    const file = await put(numbers, upTo(10_000), {}, 1000)
    requests = []
    expect(ids(await scanned(numbers, [file], where(col('id').in([3500, 8500]))))).toEqual([3500, 8500])
    expect(requests).toHaveLength(3)
  })

  it('may ask for columns that are not delivered, nested ones, and whether structs are null', async () => {
    const schema = parseSchemaText('id BIGINT, s STRUCT<x: INT>, a ARRAY<INT>')
    const file = await put(schema, [
      { id: 1, s: { x: 1 }, a: [] },
      { id: 2, s: { x: null } },
      { id: 3, s: null },
    ])
    const find = async (condition: Predicate): Promise<unknown[]> =>
      ids(await scanned(schema, [file], { columns: ['id'], ...where(condition) }))
    expect(await find(col('s.x').isNull())).toEqual([2, 3])
    expect(await find(col('s').isNull())).toEqual([3])
    expect(await find(col('a').isNotNull())).toEqual([1])
    expect(await find(col('s.x').eq(1))).toEqual([1])
  })

  it('never loses a matching row to row groups, whatever the values', async () => {
    const schema = parseSchemaText('t STRING, d DOUBLE, n DECIMAL(10,2), at TIMESTAMP')
    const double = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY))
    const row = fc.record({
      t: fc.option(fc.string({ maxLength: 3, unit: 'binary' }).map((text) => text.replace(/\p{Cs}/gu, '?'))),
      d: fc.option(double),
      n: fc.option(fc.integer({ min: -300, max: 300 }).map((n) => (n / 100).toFixed(2))),
      at: fc.option(fc.integer({ min: -3, max: 3 }).map((ms) => new Date(ms))),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        fc.nat(11),
        fc.integer({ min: 1, max: 4 }),
        async (rows, pick, size) => {
          const file = await put(schema, rows, {}, size)
          const wanted = rows[pick % rows.length] as (typeof rows)[number]
          for (const name of ['t', 'd', 'n', 'at'] as const) {
            const value = wanted[name]
            const condition = value === null ? col(name).isNull() : col(name).eq(value)
            const found = await scanned(schema, [file], where(condition))
            const same = rows.filter((each) => sameValue(each[name], value))
            expect(found).toHaveLength(same.length)
            if (value === null) continue
            const [below, above] = [col(name).le(value), col(name).gt(value)]
            const parts = [await scanned(schema, [file], where(below)), await scanned(schema, [file], where(above))]
            expect(parts.flat()).toHaveLength(rows.filter((each) => each[name] !== null).length)
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('a scan', () => {
  it('delivers the columns asked for in their order, files in log order', async () => {
    const schema = parseSchemaText('a BIGINT, b STRING')
    const files = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((a) => put(schema, [{ a, b: `${a}` }])))
    expect(await scanned(schema, files, { columns: ['b', 'a'] })).toEqual(
      files.map((_, i) => ({ b: `${i + 1}`, a: BigInt(i + 1) })),
    )
  })

  it('opens no file that is not reached', async () => {
    const files = await Promise.all(upTo(100).map(({ id }) => put(numbers, [{ id }])))
    requests = []
    for await (const batch of readScan(planOf(location, numbers, files))) {
      expect(batch.numRows).toBe(1)
      break
    }
    expect(requests.length).toBeLessThan(40)
  })

  it('names a data file that is gone, and one that is cut off', async () => {
    const file = await put(numbers, upTo(1000))
    const bytes = await location.store.get(file.path)
    await location.store.put(file.path, bytes.subarray(0, bytes.byteLength >> 1), { mode: 'overwrite' })
    await expect(scanned(numbers, [file])).rejects.toSatisfy(
      (error) => isDeltaError(error, 'CorruptData') && error.message.includes(file.path),
    )
    await location.store.delete([file.path])
    await expect(scanned(numbers, [file])).rejects.toSatisfy(
      (error) => isDeltaError(error, 'DataFileMissing') && error.details.path === file.path,
    )
  })

  it('ends when it is told to', async () => {
    const controller = new AbortController()
    const files = await Promise.all(upTo(20).map(({ id }) => put(numbers, [{ id }])))
    const read = async (): Promise<void> => {
      for await (const _ of readScan(planOf(location, numbers, files), { signal: controller.signal }))
        controller.abort()
    }
    await expect(read()).rejects.toSatisfy((error) => isDeltaError(error, 'Aborted'))
  })
})

async function* one(batch: RecordBatch): AsyncGenerator<RecordBatch> {
  yield batch
}

/** Equality as Delta has it: NaN equals NaN, the zeros are one. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime()
  return a === b || (Number.isNaN(a) && Number.isNaN(b))
}
