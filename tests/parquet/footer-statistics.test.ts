import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeRows } from '../../src/arrow/encode/encode-rows.js'
import type { Row } from '../../src/arrow/row.js'
import { bytesSource } from '../../src/parquet/bytes-source.js'
import { encodeParquet } from '../../src/parquet/encode-parquet.js'
import { type FooterStatisticsOptions, footerStatistics } from '../../src/parquet/footer-statistics.js'
import { serializeStatistics } from '../../src/protocol/statistics/serialize-statistics.js'
import type { StructType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

async function statisticsOf(
  rows: readonly Row[],
  schema: StructType,
  options: FooterStatisticsOptions & { readonly rowGroupRows?: number } = {},
): Promise<unknown> {
  const batch = encodeRows(rows, schema)
  const { rowGroupRows = 2 } = options
  const bytes = await encodeParquet([batch], { schema: batch.schema, rowGroupRows })
  return JSON.parse(serializeStatistics(await footerStatistics(bytesSource('f', bytes), schema, options), schema))
}

describe('statistics from a footer', () => {
  it('have bounds and null counts over all row groups, nested in structs', async () => {
    const schema = parseSchemaText(
      'b TINYINT, s SMALLINT, i INT, l BIGINT, f FLOAT, d DOUBLE, c DECIMAL(9,2), w DECIMAL(38,2), t STRING, day DATE, at TIMESTAMP, local TIMESTAMP_NTZ, st STRUCT<x: INT, y: STRUCT<z: STRING>>',
    )
    const row = (n: number): Row => ({
      b: n,
      s: n,
      i: n,
      l: BigInt(n),
      f: n / 2,
      d: n / 4,
      c: `${n}.50`,
      w: `${n}.50`,
      t: `text ${n}`,
      day: `2026-01-0${n + 1}`,
      at: `2026-01-01T00:00:00.00${n}999Z`,
      local: `2026-01-01T00:00:00.00${n}999`,
      st: n === 2 ? null : { x: n, y: { z: `z${n}` } },
    })
    const empty = Object.fromEntries(schema.fields.map(({ name }) => [name, null]))
    const statistics = await statisticsOf([row(3), row(1), empty, empty, row(2)], schema, { withoutNaN: () => true })
    expect(statistics).toEqual({
      numRecords: 5,
      minValues: {
        b: 1,
        s: 1,
        i: 1,
        l: 1,
        f: 0.5,
        d: 0.25,
        c: 1.5,
        w: 1.5,
        t: 'text 1',
        day: '2026-01-02',
        at: '2026-01-01T00:00:00.001Z',
        local: '2026-01-01T00:00:00.001',
        st: { x: 1, y: { z: 'z1' } },
      },
      maxValues: {
        b: 3,
        s: 3,
        i: 3,
        l: 3,
        f: 1.5,
        d: 0.75,
        c: 3.5,
        w: 3.5,
        t: 'text 3',
        day: '2026-01-04',
        at: '2026-01-01T00:00:00.003Z',
        local: '2026-01-01T00:00:00.003',
        st: { x: 3, y: { z: 'z3' } },
      },
      nullCount: {
        b: 2,
        s: 2,
        i: 2,
        l: 2,
        f: 2,
        d: 2,
        c: 2,
        w: 2,
        t: 2,
        day: 2,
        at: 2,
        local: 2,
        st: { x: 3, y: { z: 3 } },
      },
    })
  })

  it('have no bounds of booleans, binaries, arrays, maps and variants', async () => {
    const schema = parseSchemaText('ok BOOLEAN, raw BINARY, a ARRAY<INT>, m MAP<STRING, INT>, v VARIANT')
    const rows: Row[] = [
      { ok: true, raw: Uint8Array.of(1), a: [1], m: new Map([['k', 1]]), v: { x: 1 } },
      { ok: null, raw: null, a: null, m: null, v: null },
    ]
    expect(await statisticsOf(rows, schema)).toEqual({
      numRecords: 2,
      minValues: {},
      maxValues: {},
      nullCount: { ok: 1, raw: 1, v: 1 },
    })
  })

  it('of an empty file say that there are no rows', async () => {
    expect(await statisticsOf([], parseSchemaText('id BIGINT'))).toMatchObject({ numRecords: 0, minValues: {} })
  })

  it('have no maximum of floats that may have a NaN, which readers hold for the greatest value, and no bounds of those that have one', async () => {
    const schema = parseSchemaText('x DOUBLE, y DOUBLE')
    const rows = [
      { x: 1, y: Number.NaN },
      { x: 2, y: 5 },
    ]
    expect(await statisticsOf(rows, schema)).toMatchObject({ minValues: { x: 1 }, maxValues: {} })
    const known = await statisticsOf(rows, schema, { withoutNaN: ([name]) => name === 'x' })
    expect(known).toMatchObject({ minValues: { x: 1 }, maxValues: { x: 2 } })
    expect(known).not.toHaveProperty('minValues.y')
    expect(known).not.toHaveProperty('maxValues.y')
  })

  it('leave out infinities and make no difference between zeros', async () => {
    const schema = parseSchemaText('x DOUBLE, y DOUBLE, z DOUBLE')
    const rows = [
      { x: Number.NEGATIVE_INFINITY, y: -0, z: 0 },
      { x: Number.POSITIVE_INFINITY, y: -0, z: -0 },
    ]
    const statistics = await statisticsOf(rows, schema, { withoutNaN: () => true })
    expect(statistics).toMatchObject({ minValues: { y: 0, z: 0 }, maxValues: { y: 0, z: 0 } })
    expect(statistics).not.toHaveProperty('minValues.x')
    expect(statistics).not.toHaveProperty('maxValues.x')
  })

  it('bound any texts by at most 33 characters', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.string({
        minLength: 25,
        maxLength: 80,
        unit: fc.constantFrom('a', '\u{7f}', 'é', '\u{ffff}', '\u{1f600}', '\u{10ffff}'),
      }),
    )
    const schema = parseSchemaText('t STRING')
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), async (texts) => {
        const rows = texts.map((each) => ({ t: each.replace(/\p{Cs}/gu, '?') }))
        const { minValues, maxValues } = (await statisticsOf(rows, schema)) as { [part: string]: { t?: string } }
        for (const { t } of rows) {
          if (minValues?.t !== undefined)
            expect(Buffer.compare(Buffer.from(minValues.t), Buffer.from(t))).toBeLessThanOrEqual(0)
          if (maxValues?.t !== undefined)
            expect(Buffer.compare(Buffer.from(maxValues.t), Buffer.from(t))).toBeGreaterThanOrEqual(0)
        }
        for (const bound of [minValues?.t ?? '', maxValues?.t ?? '']) expect([...bound].length).toBeLessThanOrEqual(33)
      }),
      { numRuns: 80 },
    )
  })
})
