import { tableFromArrays } from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBatches } from '../../src/arrow/concat.js'
import { conformBatch } from '../../src/arrow/conform-batch.js'
import { decodeRows } from '../../src/arrow/decode/decode-rows.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import { filterBatch, filterOwnBatch } from '../../src/arrow/filter-batch.js'
import { fromIpc, ipcStream, toIpc } from '../../src/arrow/ipc.js'
import { rowsText, schemaAndRows } from '../support/arbitrary-rows.js'

describe('rows of any schema', () => {
  it('come back as they went in', () => {
    fc.assert(
      fc.property(schemaAndRows, ({ schema, rows }) => {
        expect(rowsText(decodeRows(encodeRows(rows, schema), schema))).toEqual(rowsText(rows))
      }),
    )
  })

  it('survive an IPC stream and an IPC file', () => {
    fc.assert(
      fc.property(schemaAndRows, fc.constantFrom('stream', 'file'), ({ schema, rows }, format) => {
        const batch = encodeRows(rows, schema)
        const read = fromIpc(toIpc(batch.schema, [batch], format as 'stream' | 'file'))
        expect(read.batches.flatMap((each) => rowsText(decodeRows(each, schema)))).toEqual(rowsText(rows))
      }),
      { numRuns: 50 },
    )
  })

  it('survive an IPC stream in slices', () => {
    fc.assert(
      fc.property(schemaAndRows, fc.nat(12), ({ schema, rows }, at) => {
        const batch = encodeRows(rows, schema)
        const read = fromIpc(toIpc(batch.schema, [batch.slice(0, at), batch.slice(at)]))
        expect(read.batches.flatMap((each) => rowsText(decodeRows(each, schema)))).toEqual(rowsText(rows))
      }),
    )
  })

  it('survive an IPC stream with types that no table has', () => {
    const table = tableFromArrays({ words: ['a', 'b', 'a'], numbers: Uint8Array.of(1, 2, 3) })
    const read = fromIpc(toIpc(table.schema, table.batches))
    expect(read.batches.map((batch) => batch.toArray().map(String))).toEqual([table.toArray().map(String)])
  })

  it('survive a stream that is written piece by piece', async () => {
    await fc.assert(
      fc.asyncProperty(schemaAndRows, async ({ schema, rows }) => {
        const batch = encodeRows(rows, schema)
        const pieces: Uint8Array[] = []
        const batches = (async function* () {
          yield batch
          yield batch
        })()
        for await (const piece of ipcStream(batch.schema, batches)) pieces.push(piece)
        const read = fromIpc(Buffer.concat(pieces))
        expect(read.batches.flatMap((each) => rowsText(decodeRows(each, schema)))).toEqual([
          ...rowsText(rows),
          ...rowsText(rows),
        ])
      }),
      { numRuns: 20 },
    )
  })

  it('are the same after slicing and joining', () => {
    fc.assert(
      fc.property(schemaAndRows, fc.nat(12), fc.nat(12), ({ schema, rows }, a, b) => {
        const batch = encodeRows(rows, schema)
        const [low, high] = [Math.min(a, b, rows.length), Math.min(Math.max(a, b), rows.length)]
        const parts = [batch.slice(0, low), batch.slice(low, high), batch.slice(high)]
        expect(rowsText(decodeRows(parts[1] as typeof batch, schema))).toEqual(rowsText(rows.slice(low, high)))
        expect(rowsText(decodeRows(concatBatches(parts), schema))).toEqual(rowsText(rows))
      }),
    )
  })

  it('that a mask keeps are kept, those of a slice too', () => {
    fc.assert(
      fc.property(
        schemaAndRows,
        fc.uint8Array({ minLength: 12, maxLength: 12, max: 1 }),
        fc.nat(12),
        ({ schema, rows }, mask, from) => {
          const start = Math.min(from, rows.length)
          const batch = encodeRows(rows, schema).slice(start)
          const kept = rows.slice(start).filter((_, i) => mask[i] === 1)
          expect(rowsText(decodeRows(filterBatch(batch, mask), schema))).toEqual(rowsText(kept))
          expect(rowsText(decodeRows(filterOwnBatch(batch, mask), schema))).toEqual(rowsText(kept))
        },
      ),
    )
  })

  it('that a mask keeps may be written over those that go, in runs of any length', () => {
    fc.assert(
      fc.property(
        schemaAndRows,
        fc.array(fc.tuple(fc.nat(40), fc.nat(3)), { minLength: 1, maxLength: 8 }),
        ({ schema, rows }, runs) => {
          const mask = Uint8Array.from(runs.flatMap(([kept, gone]) => [...Array(kept).fill(1), ...Array(gone).fill(0)]))
          const many =
            rows.length === 0 ? [] : Array.from(mask, (_, i) => rows[i % rows.length] as (typeof rows)[number])
          const kept = many.filter((_, i) => mask[i] === 1)
          const batch = filterOwnBatch(encodeRows(many, schema), mask)
          expect(rowsText(decodeRows(batch, schema))).toEqual(rowsText(kept))
        },
      ),
    )
  })

  it('conform to their own schema, slices of them too', () => {
    fc.assert(
      fc.property(schemaAndRows, fc.nat(12), ({ schema, rows }, from) => {
        const start = Math.min(from, rows.length)
        const batch = conformBatch(encodeRows(rows, schema).slice(start), schema)
        expect(rowsText(decodeRows(batch, schema))).toEqual(rowsText(rows.slice(start)))
      }),
    )
  })
})
