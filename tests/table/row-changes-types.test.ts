import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Row } from '../../src/arrow/row.js'
import { quoteIdentifier } from '../../src/expressions/sql-quote.js'
import { DeltaTable, sql } from '../../src/index.js'
import type { DataType, StructField, StructType } from '../../src/schema/data-type.js'
import { rowsText, schemaAndRows } from '../support/arbitrary-rows.js'
import { openLocal, type Place } from './places.js'

let place: Place
beforeAll(async () => {
  place = await openLocal()
})
afterAll(() => place.close())

const UID: StructField = { name: 'uid', dataType: { type: 'long' }, nullable: true, metadata: {} }

/** Tables with variants are not written yet. */
function hasVariant(type: DataType): boolean {
  return JSON.stringify(type).includes('"variant"')
}

function withUids(rows: readonly Row[], first: number): Row[] {
  return rows.map((row, i) => ({ ...row, uid: BigInt(first + i) }))
}

it('values of every type outlive updates, merges and rewrites', async () => {
  await fc.assert(
    fc.asyncProperty(
      schemaAndRows.filter(
        ({ schema }) => !hasVariant(schema) && schema.fields.every(({ name }) => name.toLowerCase() !== 'uid'),
      ),
      fc.record({ vectors: fc.boolean(), feed: fc.boolean() }),
      fc.constantFrom(0.1, 1),
      async ({ schema, rows }, { vectors, feed }, rewriteShare) => {
        const full: StructType = { type: 'struct', fields: [...schema.fields, UID] }
        const half = Math.ceil(rows.length / 2)
        const first = withUids(rows.slice(0, half), 0)
        const table = await DeltaTable.create(place.url(), {
          schema: full,
          properties: {
            'delta.columnMapping.mode': 'name',
            'delta.enableDeletionVectors': String(vectors),
            'delta.enableChangeDataFeed': String(feed),
          },
        })
        await table.append(first)
        // What is set to its own value is a new value all the same.
        const own = schema.fields.map(({ name }) => [name, sql(quoteIdentifier(name))])
        const set = { ...Object.fromEntries(feed ? own : []), uid: sql('uid + 100') }
        await table.update({ set, where: 'uid % 2 = 0', rewriteShare })
        const isEven = ({ uid }: Row): boolean => (uid as bigint) % 2n === 0n
        const updated = first.map((row) => (isEven(row) ? { ...row, uid: (row.uid as bigint) + 100n } : row))
        expect(rowsText(await table.rows()).sort()).toEqual(rowsText(updated).sort())
        const told = feed && first.length > 0 ? await table.changes({ from: 2, to: 2 }).rows() : []
        const texts = (type: string): string[] =>
          rowsText(
            told
              .filter(({ _change_type }) => _change_type === type)
              .map(({ _change_type, _commit_version, _commit_timestamp, ...row }) => row),
          )
        expect(texts('update_preimage').sort()).toEqual(rowsText(feed ? first.filter(isEven) : []).sort())
        expect(texts('update_postimage').sort()).toEqual(rowsText(feed ? updated.filter(isEven) : []).sort())
        const source = withUids(rows.slice(half), 1)
        await table
          .merge(source, ['uid'], { rewriteShare, sourceSchema: full })
          .whenMatchedUpdateAll()
          .whenNotMatchedInsertAll()
          .execute()
        const merged = [...updated.filter(({ uid }) => !source.some((row) => row.uid === uid)), ...source]
        expect(rowsText(await table.rows()).sort()).toEqual(rowsText(merged).sort())
      },
    ),
    { numRuns: Number(process.env.LAKEWRIGHT_RUNS ?? 8) },
  )
}, 3_600_000)
