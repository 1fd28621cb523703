import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DataType } from '../../src/schema/data-type.js'
import { parseSchemaText } from '../../src/schema/schema-text.js'
import { schemaText, typeText } from '../../src/schema/type-text.js'
import { schemas } from '../support/arbitrary-type.js'

const typeOf = (text: string): DataType | undefined => parseSchemaText(`c ${text}`).fields[0]?.dataType

describe('schema text', () => {
  it('describes columns as CREATE TABLE does', () => {
    const text =
      "id BIGINT NOT NULL, at TIMESTAMP, tags ARRAY<STRING>, s STRUCT<a: INT, b: MAP<STRING, DECIMAL(10,2)>> COMMENT 'it''s'"
    const field = (name: string, dataType: DataType, more: object = {}): object => ({
      name,
      dataType,
      nullable: true,
      metadata: {},
      ...more,
    })
    expect(parseSchemaText(text)).toEqual({
      type: 'struct',
      fields: [
        field('id', { type: 'long' }, { nullable: false }),
        field('at', { type: 'timestamp' }),
        field('tags', { type: 'array', elementType: { type: 'string' }, containsNull: true }),
        field(
          's',
          {
            type: 'struct',
            fields: [
              field('a', { type: 'integer' }),
              field('b', {
                type: 'map',
                keyType: { type: 'string' },
                valueType: { type: 'decimal', precision: 10, scale: 2 },
                valueContainsNull: true,
              }),
            ],
          } as DataType,
          { metadata: { comment: "it's" } },
        ),
      ],
    })
  })

  it('comes back from every schema that is written as text', () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        expect(parseSchemaText(schemaText(schema))).toEqual(schema)
        for (const { dataType } of schema.fields) expect(typeOf(typeText(dataType))).toEqual(dataType)
      }),
    )
  })

  it.each([
    ['boolean', ['BOOLEAN', 'bool']],
    ['byte', ['TINYINT', 'byte']],
    ['short', ['SMALLINT', 'short', 'int2']],
    ['integer', ['INT', 'INTEGER', 'int4']],
    ['long', ['BIGINT', 'long', 'int8']],
    ['float', ['FLOAT', 'REAL']],
    ['double', ['DOUBLE', 'double precision', 'float8']],
    ['string', ['STRING', 'TEXT', 'VARCHAR', 'VARCHAR(10)', 'CHAR(3)', 'CHARACTER VARYING (7)']],
    ['binary', ['BINARY', 'BLOB', 'BYTEA']],
    ['timestamp', ['TIMESTAMP', 'TIMESTAMPTZ', 'timestamp with time zone', 'DATETIME', 'TIMESTAMP_LTZ']],
    ['timestamp_ntz', ['TIMESTAMP_NTZ', 'TIMESTAMP WITHOUT TIME ZONE']],
  ])('knows %s under its names in Spark and DuckDB', (type, names) => {
    for (const name of names) expect(typeOf(name)).toEqual({ type })
  })

  it('reads lists and structs in the style of DuckDB', () => {
    expect(typeOf('STRUCT(a INTEGER, b VARCHAR)[]')).toEqual(typeOf('ARRAY<STRUCT<a: INT, b: STRING>>'))
    expect(typeOf('MAP(VARCHAR, INTEGER[][])')).toEqual(typeOf('MAP<STRING, ARRAY<ARRAY<INT>>>'))
    expect(typeOf('NUMERIC(5)')).toEqual({ type: 'decimal', precision: 5, scale: 0 })
    expect(typeOf('DECIMAL')).toEqual({ type: 'decimal', precision: 10, scale: 0 })
  })

  it('takes any name in backquotes or double quotes', () => {
    const names = parseSchemaText('`a ``b` INT, "c ""d" INT, größe INT, 2nd INT, `not` INT, comment INT,').fields.map(
      (f) => f.name,
    )
    expect(names).toEqual(['a `b', 'c "d', 'größe', '2nd', 'not', 'comment'])
  })

  it.each([
    ['', 'Expected a column name at the end'],
    ['id', 'Expected a type at the end'],
    ['id BIGINT NOT', 'Expected NULL after NOT at the end'],
    ['id BIGINT at INT', 'Expected a comma at position 10 ("at INT")'],
    ['id ARRAY<INT', 'Expected > at the end'],
    ['id ARRAY INT', 'Expected < at position 9'],
    ['id MAP<INT>', 'Expected , at position 10'],
    ['id DECIMAL(40,2)', 'takes 1 to 38 digits'],
    ['id DECIMAL(a)', 'Expected a number at position 11'],
    ['id INT COMMENT 5', 'Expected a text in quotes at position 15'],
    ['id INT; DROP', 'Unexpected ";" at position 6'],
    ["id INT COMMENT 'open", 'Unexpected "\'" at position 15'],
    ['id BIGNIT', 'Unknown type BIGNIT of column id (did you mean BIGINT?) at position 3'],
  ])('says where %j is wrong', (text, message) => {
    expect(() => parseSchemaText(text)).toThrow(
      expect.objectContaining({ code: 'InvalidSchema', message: expect.stringContaining(message) }),
    )
  })

  it.each([
    ['s STRUCT<x: ARRAY<INTERVAL>>', 's.x.element', 'BIGINT'],
    ['u UUID', 'u', 'STRING'],
    ['n HUGEINT', 'n', 'DECIMAL(38,0)'],
  ])('refuses types that Delta does not have: %s', (text, column, instead) => {
    expect(() => parseSchemaText(text)).toThrow(
      expect.objectContaining({
        code: 'UnsupportedType',
        details: expect.objectContaining({ column }),
        message: expect.stringContaining(`Use ${instead}.`),
      }),
    )
  })
})
