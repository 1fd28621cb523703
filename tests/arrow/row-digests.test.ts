import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from '../../src/arrow/column.js'
import { DigestIndex } from '../../src/arrow/digest-index.js'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import type { Row, RowValue } from '../../src/arrow/row.js'
import { DIGEST_WORDS, rowDigests } from '../../src/arrow/row-digests.js'
import type { StructType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { rowsText, schemaAndRows } from '../support/arbitrary-rows.js'

function digestTexts(rows: readonly Row[], schema: StructType, from = 0): string[] {
  const batch = encodeRows(rows, schema).slice(from)
  const digests = rowDigests(batch.data.children as Column[], batch.numRows)
  return Array.from({ length: batch.numRows }, (_, i) =>
    digests.slice(i * DIGEST_WORDS, (i + 1) * DIGEST_WORDS).join(' '),
  )
}

describe('row digests', () => {
  it('are equal for equal rows, wherever they stand, and for no others', () => {
    fc.assert(
      fc.property(schemaAndRows, fc.nat({ max: 3 }), ({ schema, rows }, skipped) => {
        const digests = digestTexts(rows, schema)
        const texts = rowsText(rows.map((row) => plain(row) as Row))
        for (let i = 0; i < rows.length; i++) {
          for (let j = 0; j <= i; j++) expect(digests[i] === digests[j]).toBe(texts[i] === texts[j])
        }
        expect(digestTexts([...rows.slice(0, skipped), ...rows], schema, Math.min(skipped, rows.length))).toEqual(
          digests,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('tell null from nothing, and one column from the next', () => {
    const schema = parseSchemaText('a STRING, b STRING, c ARRAY<STRING>, d STRUCT<x: INT>')
    const rows: Row[] = [
      { a: 'x' },
      { b: 'x' },
      { a: '', b: 'x' },
      { a: 'x', b: '' },
      { a: 'x\0' },
      { c: [] },
      { c: [null] },
      { c: [''] },
      { c: [null, null] },
      { d: { x: null } },
      { d: { x: 0 } },
      {},
    ]
    expect(new Set(digestTexts(rows, schema)).size).toBe(rows.length)
  })

  it('are numbered in the order in which they come', () => {
    const schema = parseSchemaText('id BIGINT')
    const index = new DigestIndex()
    const ids = Array.from({ length: 20_000 }, (_, i) => ({ id: BigInt(i % 7_000) }))
    const digests = rowDigests(encodeRows(ids, schema).data.children as Column[], ids.length)
    expect(ids.map((_, row) => index.add(digests, row))).toEqual(ids.map(({ id }) => Number(id)))
    expect(index.size).toBe(7_000)
    expect(index.find(digests, 8_000)).toBe(1_000)
    expect(index.find(rowDigests(encodeRows([{ id: -1n }], schema).data.children as Column[], 1), 0)).toBe(-1)
  })
})

/** As digests see a value: without the sign of zero and the order of a map. */
function plain(value: RowValue): RowValue {
  if (Object.is(value, -0)) return 0
  if (value instanceof Map) {
    const entries = [...value].map(([key, each]) => [plain(key), plain(each)] as const)
    const sorted = entries.sort((a, b) =>
      (rowsText([{ a }])[0] as string).localeCompare(rowsText([{ a: b }])[0] as string),
    )
    return new Map(sorted)
  }
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each as RowValue)])) as Row
}
