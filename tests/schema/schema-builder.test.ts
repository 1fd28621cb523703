import { describe, expect, expectTypeOf, it } from 'vitest'
import type { JsonValue, StructType } from '../../src/schema/data-type.js'
import {
  array,
  binary,
  boolean,
  byte,
  date,
  decimal,
  double,
  float,
  integer,
  long,
  map,
  short,
  string,
  struct,
  timestamp,
  timestampNtz,
  variant,
} from '../../src/schema/schema-builder.js'
import { schemaToJson } from '../../src/schema/schema-json.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'

const Event = struct({ id: long().notNull(), at: timestamp().notNull(), kind: string(), tags: array(string()) })

describe('schema builder', () => {
  it('makes the schema that its text describes', () => {
    const text = 'id BIGINT NOT NULL, at TIMESTAMP NOT NULL, kind STRING, tags ARRAY<STRING>'
    expect({ type: Event.type, fields: Event.fields }).toEqual(parseSchemaText(text))
    expect(schemaToJson(Event)).toBe(schemaToJson(parseSchemaText(text)))
  })

  it('makes every type', () => {
    const All = struct({
      a: boolean(),
      b: byte(),
      c: short(),
      d: integer(),
      e: long(),
      f: float(),
      g: double(),
      h: decimal(12, 3),
      i: string(),
      j: binary(),
      k: date(),
      l: timestamp(),
      m: timestampNtz(),
      n: variant(),
      o: map(string(), array(integer().notNull())),
      p: struct({ q: struct({ r: date() }).notNull() }),
    })
    expect({ type: All.type, fields: All.fields }).toEqual(
      parseSchemaText(
        `a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE, h DECIMAL(12,3), i STRING, j BINARY, k DATE, l TIMESTAMP,
         m TIMESTAMP_NTZ, n VARIANT, o MAP<STRING, ARRAY<INT NOT NULL>>, p STRUCT<q: STRUCT<r: DATE> NOT NULL>`,
      ),
    )
  })

  it('never changes a column that was made before', () => {
    const plain = string()
    const described = plain.comment('what').metadata({ owner: 'us' }).notNull()
    expect(plain.toField('x')).toEqual({ name: 'x', dataType: { type: 'string' }, nullable: true, metadata: {} })
    expect(described.toField('x')).toEqual({
      name: 'x',
      dataType: { type: 'string' },
      nullable: false,
      metadata: { comment: 'what', owner: 'us' },
    })
    expect(struct({ x: integer() }).comment('c').notNull().toField('s')).toMatchObject({
      nullable: false,
      metadata: { comment: 'c' },
      dataType: { type: 'struct', fields: [{ name: 'x' }] },
    })
  })

  it.each([
    [0, 0],
    [39, 0],
    [5, 6],
    [5, -1],
    [5.5, 1],
  ])('refuses decimal(%d, %d)', (precision, scale) => {
    expect(() => decimal(precision, scale)).toThrow(expect.objectContaining({ code: 'InvalidSchema' }))
  })

  it('gives rows their static type', () => {
    expectTypeOf<typeof Event.Row>().toEqualTypeOf<{
      id: bigint
      at: Date
      kind: string | null
      tags: (string | null)[] | null
    }>()
    const Deep = struct({
      scores: map(string(), double()).notNull(),
      exact: array(decimal(10, 2).notNull()).notNull(),
      place: struct({ city: string().notNull(), since: date() }),
      inner: struct({ raw: binary() }).notNull().comment('kept'),
      any: variant(),
      local: timestampNtz().comment('wall clock').notNull(),
      flags: array(struct({ on: boolean().notNull() })),
    })
    expectTypeOf<typeof Deep.Row>().toEqualTypeOf<{
      scores: Map<string, number | null>
      exact: string[]
      place: { city: string; since: string | null } | null
      inner: { raw: Uint8Array | null }
      any: JsonValue
      local: string
      flags: ({ on: boolean } | null)[] | null
    }>()
    expectTypeOf(Event).toExtend<StructType>()
  })
})
