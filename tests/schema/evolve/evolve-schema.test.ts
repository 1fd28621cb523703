import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DataType, StructType } from '../../../src/schema/data-type.js'
import { canWiden, icebergWidens, widensByItself } from '../../../src/schema/evolve/can-widen.js'
import { dropUnknownNulls } from '../../../src/schema/evolve/drop-unknown-nulls.js'
import { evolveSchema } from '../../../src/schema/evolve/evolve-schema.js'
import { inferNewFields } from '../../../src/schema/evolve/infer-new-fields.js'
import { parseSchemaText } from '../../../src/schema/schema-text.js'
import { schemaText } from '../../../src/schema/type-text.js'
import { schemas } from '../../support/arbitrary-type.js'

const any = { mayWiden: (): boolean => true }

describe('evolving a schema', () => {
  it.each<[current: string, incoming: string, evolved: string]>([
    ['a INT', 'b STRING NOT NULL, A INT', 'a INT, b STRING'],
    ['a INT NOT NULL', 'c INT', 'a INT NOT NULL, c INT'],
    ['s STRUCT<x: INT NOT NULL>', 's STRUCT<y: INT, X: INT>', 's STRUCT<x: INT NOT NULL, y: INT>'],
    ['l ARRAY<STRUCT<x: INT>>', 'l ARRAY<STRUCT<y: INT>>', 'l ARRAY<STRUCT<x: INT, y: INT>>'],
    ['m MAP<STRING, STRUCT<x: INT>>', 'm MAP<STRING, STRUCT<y: INT>>', 'm MAP<STRING, STRUCT<x: INT, y: INT>>'],
    ['a INT', 'b STRUCT<x: ARRAY<INT NOT NULL> NOT NULL> NOT NULL', 'a INT, b STRUCT<x: ARRAY<INT>>'],
    ['a INT', 'a BIGINT', 'a BIGINT'],
    ['a BIGINT', 'a INT', 'a BIGINT'],
    ['a INT', 'a DOUBLE', 'a INT'],
    ['a INT', 'a STRING', 'a INT'],
    ['a DECIMAL(5,2)', 'a DECIMAL(8,3)', 'a DECIMAL(8,3)'],
    ['a DECIMAL(5,2)', 'a DECIMAL(6,4)', 'a DECIMAL(5,2)'],
    ['l ARRAY<MAP<INT, FLOAT>>', 'l ARRAY<MAP<BIGINT, DOUBLE>>', 'l ARRAY<MAP<BIGINT, DOUBLE>>'],
    ['v VOID, a INT', 'v STRING NOT NULL', 'v STRING, a INT'],
    ['a INT', 'v VOID, s STRUCT<v: VOID>', 'a INT'],
    ['a INT', 'b INT, B STRING', 'a INT, b INT'],
  ])('(%s) for (%s) gives (%s)', (current, incoming, evolved) => {
    const { schema } = evolveSchema(parseSchemaText(current), parseSchemaText(incoming), any)
    expect(schemaText(schema)).toBe(evolved)
  })

  it('changes no type where that is not allowed, and says what it changed where it is', () => {
    const current = parseSchemaText('a INT, l ARRAY<FLOAT>')
    const incoming = parseSchemaText('a BIGINT, l ARRAY<DOUBLE>, s STRUCT<x: INT>')
    expect(evolveSchema(current, incoming).changes).toMatchObject([{ change: 'added', path: ['s'] }])
    const { schema, changes } = evolveSchema(current, incoming, any)
    expect(changes).toMatchObject([
      { change: 'widened', path: ['a'], from: { type: 'integer' }, to: { type: 'long' } },
      { change: 'widened', path: ['l', 'element'] },
      { change: 'added', path: ['s'] },
    ])
    expect(schema.fields[1]?.metadata).toEqual({
      'delta.typeChanges': [{ fromType: 'float', toType: 'double', fieldPath: 'element' }],
    })
  })

  it('is done once: the same data changes nothing more, and columns that were there stay', () => {
    fc.assert(
      fc.property(schemas, schemas, (current, incoming) => {
        const once = evolveSchema(current, incoming, any)
        expect(evolveSchema(once.schema, incoming, any).changes).toEqual([])
        expect(once.schema.fields.slice(0, current.fields.length).map(({ name }) => name)).toEqual(
          current.fields.map(({ name }) => name),
        )
        if (once.changes.length === 0) expect(once.schema).toBe(current)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a type is wider', () => {
  const type = (text: string): DataType => parseSchemaText(`t ${text}`).fields[0]?.dataType as DataType
  it.each<[from: string, to: string, ways: string]>([
    ['TINYINT', 'SMALLINT', 'alter, itself, iceberg'],
    ['INT', 'BIGINT', 'alter, itself, iceberg'],
    ['FLOAT', 'DOUBLE', 'alter, itself, iceberg'],
    ['INT', 'DOUBLE', 'alter'],
    ['BIGINT', 'DOUBLE', ''],
    ['DATE', 'TIMESTAMP_NTZ', 'alter, itself'],
    ['DATE', 'TIMESTAMP', ''],
    ['INT', 'DECIMAL(10,0)', 'alter'],
    ['INT', 'DECIMAL(11,2)', ''],
    ['SMALLINT', 'DECIMAL(9,0)', ''],
    ['BIGINT', 'DECIMAL(20,0)', 'alter'],
    ['BIGINT', 'DECIMAL(19,0)', ''],
    ['DECIMAL(5,2)', 'DECIMAL(7,2)', 'alter, itself, iceberg'],
    ['DECIMAL(5,2)', 'DECIMAL(7,4)', 'alter, itself'],
    ['DECIMAL(5,2)', 'DECIMAL(6,4)', ''],
    ['DECIMAL(5,2)', 'DECIMAL(5,2)', ''],
    ['INT', 'STRING', ''],
  ])('%s to %s by: %s', (from, to, ways) => {
    const [a, b] = [type(from), type(to)]
    const found = [
      canWiden(a, b) && 'alter',
      widensByItself(a, b) && 'itself',
      canWiden(a, b) && icebergWidens(a, b) && 'iceberg',
    ]
    expect(found.filter(Boolean).join(', ')).toBe(ways)
  })
})

describe('plain rows', () => {
  const known: StructType = parseSchemaText(
    'id INT, s STRUCT<x: INT>, l ARRAY<STRUCT<x: INT>>, m MAP<STRING, STRUCT<x: INT>>',
  )
  it.each<[fields: string, rows: object[]]>([
    ['', [{ id: 'text', ID: 5 }]],
    ['a DOUBLE, b BIGINT', [{ a: 1 }, { a: 2.5, b: 1n }]],
    ['', [{ a: null }, { a: [] }, { a: [null] }]],
    ['a ARRAY<DOUBLE>', [{ a: [null, 1] }]],
    ['a STRUCT<b: STRUCT<c: BOOLEAN, d: STRING>>', [{ a: { b: { c: true } } }, { a: { b: { d: 'x' } } }]],
    ['s STRUCT<y: BIGINT>, l ARRAY<STRUCT<z: STRING>>', [{ s: { x: 1, y: 1n } }, { l: [{ x: 1 }, { z: 'a' }] }]],
    ['m MAP<STRING, STRUCT<y: BIGINT>>', [{ m: { k: { y: 1n } } }]],
    ['a MAP<STRING, TIMESTAMP>', [{ a: new Map([['k', new Date(0)]]) }]],
    ['a BINARY', [{ a: Uint8Array.of(1) }, { a: 'text' }]],
  ])('bring (%s)', (fields, rows) => {
    expect(schemaText(inferNewFields(rows, known))).toBe(fields)
  })

  it('lose unknown fields that hold nothing, at any depth, and nothing else', () => {
    const rows = [
      {
        id: null,
        gone: null,
        s: { x: 1, gone: undefined },
        l: [{ gone: null }, null],
        m: new Map([['k', { gone: null }]]),
      },
    ]
    expect(dropUnknownNulls(rows, known)).toEqual([{ id: null, s: { x: 1 }, l: [{}, null], m: new Map([['k', {}]]) }])
    const whole = [{ id: 1, s: { x: null }, other: 1 }]
    expect(dropUnknownNulls(whole, known)).toBe(whole)
  })
})
